//! Tests of nav.
