//! Text into trees: YAML and JSON, with the place of every key and scalar.
