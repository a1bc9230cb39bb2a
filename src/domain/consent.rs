//! Questions: what is unusual is asked before it is done, and marked in its entry.

use serde_json::Value;

use super::Refused;

/// What the user has agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// To these questions, as they were shown; to none if the list is empty.
    To(Vec<Refused>),
    /// To every question: `--yes`.
    ToAll,
}

/// The questions of one command: those that came up were agreed to.
#[derive(Clone, Debug)]
pub struct Questions<'a> {
    consent: &'a Consent,
    agreed: Vec<&'static str>,
}

impl<'a> Questions<'a> {
    /// Begins without a question.
    pub const fn new(consent: &'a Consent) -> Self {
        Self {
            consent,
            agreed: Vec::new(),
        }
    }

    /// Goes on if the user has agreed to exactly this.
    ///
    /// # Errors
    /// The question itself, to be asked.
    pub fn ask(&mut self, question: Refused) -> Result<(), Refused> {
        let agreed = match self.consent {
            Consent::ToAll => true,
            Consent::To(shown) => shown.contains(&question),
        };
        if !agreed {
            return Err(question);
        }
        self.agreed.push(question.code());
        Ok(())
    }

    /// Marks in the entry of a change what was agreed to, as `confirmed`.
    pub fn mark(&self, changes: &mut Value) {
        if let (false, Some(fields)) = (self.agreed.is_empty(), changes.as_object_mut()) {
            fields.insert(CONFIRMED.to_owned(), self.agreed.clone().into());
        }
    }
}

/// The field of an entry that names what was agreed to.
pub const CONFIRMED: &str = "confirmed";

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_was_shown_is_agreed_to_and_marked() {
        let (shown, other) = (Refused::NoTokens, Refused::AmountZero);
        let consent = Consent::To(vec![shown.clone()]);
        let mut questions = Questions::new(&consent);
        let mut changes = json!({ "event": "E" });
        questions.mark(&mut changes);
        assert_eq!(changes, json!({ "event": "E" }), "nothing was asked");
        assert_eq!(questions.ask(other.clone()), Err(other.clone()));
        assert_eq!(questions.ask(shown), Ok(()));
        questions.mark(&mut changes);
        assert_eq!(
            changes,
            json!({ "event": "E", "confirmed": ["token.zero"] })
        );
        assert_eq!(Questions::new(&Consent::ToAll).ask(other), Ok(()));
    }
}
