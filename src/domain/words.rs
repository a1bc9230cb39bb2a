//! The words of enums, as they are stored and shown. strum makes them from the variants' names.

/// Gives enums that derive `IntoStaticStr` and `VariantArray` their values and words.
macro_rules! words {
    ($($name:ty),+ $(,)?) => {$(
        impl $name {
            /// All values, in the order of help texts.
            pub const ALL: &'static [Self] = <Self as strum::VariantArray>::VARIANTS;

            /// Returns the word, as it is stored and shown.
            pub fn as_str(self) -> &'static str {
                self.into()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    )+};
}

pub(crate) use words;
