//! What a holder says for tax.

use serde::Serialize;
use serde_json::Value;

use super::{CountryCode, HolderKind, TaxNumber, TaxState};

/// What is known of a holder for tax, as it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TaxDetails {
    /// What the holder is.
    pub kind: Option<HolderKind>,
    /// The country in which the holder is at home for tax; `country` is where the bank is.
    pub residence: Option<CountryCode>,
    /// The tax number.
    pub number: Option<TaxNumber>,
    /// The State whose authority the holder's tax is owed to.
    pub state: Option<TaxState>,
}

impl TaxDetails {
    /// Returns whether nothing is given.
    pub const fn is_empty(&self) -> bool {
        self.kind.is_none()
            && self.residence.is_none()
            && self.number.is_none()
            && self.state.is_none()
    }

    /// Replaces what is given.
    #[must_use]
    pub fn updated_with(self, given: &Self) -> Self {
        Self {
            kind: given.kind.or(self.kind),
            residence: given.residence.clone().or(self.residence),
            number: given.number.clone().or(self.number),
            state: given.state.clone().or(self.state),
        }
    }

    /// Notes in an entry what is given; of a tax number only that it is: the trail carries none.
    pub fn note(&self, changes: &mut Value) {
        let Some(fields) = changes.as_object_mut() else {
            return;
        };
        let given = [
            ("kind", self.kind.map(|kind| kind.as_str().to_owned())),
            (
                "tax_residence",
                self.residence.as_ref().map(ToString::to_string),
            ),
            (
                "tax_number",
                self.number.as_ref().map(|_| "given".to_owned()),
            ),
            ("tax_state", self.state.as_ref().map(ToString::to_string)),
        ];
        for (field, value) in given {
            if let Some(value) = value {
                fields.insert(field.to_owned(), value.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_given_replaces_what_was_known_and_no_number_is_noted() {
        let known = TaxDetails {
            kind: Some(HolderKind::Company),
            number: Some(TaxNumber::parse("12345678-0001").unwrap()),
            ..TaxDetails::default()
        };
        let given = TaxDetails {
            residence: Some(CountryCode::parse("gb").unwrap()),
            number: Some(TaxNumber::parse("87654321-0001").unwrap()),
            ..TaxDetails::default()
        };
        let updated = known.updated_with(&given);
        assert_eq!(updated.kind, Some(HolderKind::Company));
        assert_eq!(updated.number, given.number);
        let mut changes = json!({});
        updated.note(&mut changes);
        assert_eq!(
            changes,
            json!({ "kind": "company", "tax_residence": "GB", "tax_number": "given" })
        );
    }
}
