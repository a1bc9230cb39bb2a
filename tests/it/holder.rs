//! Tests of holder.
