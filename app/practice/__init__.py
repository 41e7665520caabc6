"""The practice: its clinics, chairs, equipment, people, working time and procedure catalogue."""
