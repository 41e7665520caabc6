"""The invented clinic: its practice, its days by the minute, the stories of its patients."""
