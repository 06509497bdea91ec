"""Reports made up from a seed, whose every cell, block and position is known."""
