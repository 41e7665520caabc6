"""The day as it goes: one kernel that projects it, one snapshot that every view draws, delays, alerts, inference."""
