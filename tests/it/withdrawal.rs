//! Tests of withdrawal.
