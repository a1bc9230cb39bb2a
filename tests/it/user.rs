//! Tests of user.
