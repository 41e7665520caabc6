"""Triangle meshes: dental arches, crowns and surfaces of volumes. Reading, aligning, comparing and measuring them."""
