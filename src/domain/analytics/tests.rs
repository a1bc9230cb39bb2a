use super::{super::quantity::Total, *};
