//! Tests of global.
