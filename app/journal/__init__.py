"""The one mechanism: record registry, capture triggers, operations, runner, projections, chain, undo."""
