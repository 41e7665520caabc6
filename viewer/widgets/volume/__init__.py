"""The CBCT workspace: linked planes, panoramic, joints, airway and three dimensions over one volume."""
