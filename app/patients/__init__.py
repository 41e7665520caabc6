"""The patient's chart: who the patient is, who answers for him or her, what staff must know, what was consented to."""
