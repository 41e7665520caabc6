"""Appointments by the minute: types, bookings, events, conflicts, free times, recalls, lists and tasks."""
