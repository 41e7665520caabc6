"""The workspace of study models: shading and section, occlusion, alignment, analysis, difference of two dates."""
