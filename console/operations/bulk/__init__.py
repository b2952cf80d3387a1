"""Many commands: planned as explicit targets, shown before, carried out in waves, accounted for."""
