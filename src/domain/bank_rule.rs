//! Rules about the lines of a bank account as the ledger keeps them: proposed by one user, approved
//! by another, and removed without a trace on what they explained.

use serde::{Deserialize, Serialize};

use super::{
    Refused,
    code::Code,
    currency::Currency,
    event::Approval,
    id::{AccountRef, BankAccountId, UserRef},
    matching::{BadRuleText, BankRule, ChargeKind, RuleText},
    quantity::Amount,
    time::Instant,
    user::{Act, Actor},
};

/// A rule that a user proposes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewBankRule {
    /// The account.
    pub account: BankAccountId,
    /// With what a line begins.
    pub text: RuleText,
    /// What the line is.
    pub kind: ChargeKind,
    /// The most that it explains.
    pub at_most: Amount,
}

/// A rule that two persons agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountRule {
    /// The row number.
    pub number: i64,
    /// The account.
    pub account: AccountRef,
    /// Its currency.
    pub currency: Currency,
    /// The rule.
    pub rule: BankRule,
    /// Who proposed it.
    pub proposed_by: UserRef,
    /// The user who approved it, and when.
    pub approved: Approval,
    /// Who removed it, when and why, if somebody did.
    pub removed: Option<RuleRemoval>,
}

/// The removal of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRemoval {
    /// Who, and when.
    pub removed: Approval,
    /// Why, if that was said.
    pub reason: Option<String>,
}

/// Decides whether a rule may be proposed. Returns its text as it is compared.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::RuleText`], [`Refused::RuleAmount`].
pub fn propose(
    text: &str,
    (at_most, currency): (Amount, Currency),
    actor: &Actor,
) -> Result<RuleText, Refused> {
    actor.must(Act::Record)?;
    let refuse = |why: BadRuleText| Refused::RuleText {
        text: super::account::without_accounts(text),
        why,
    };
    let text = RuleText::parse(text).map_err(refuse)?;
    if at_most.is_zero() || !at_most.is_multiple_of(currency.minor_unit()) {
        return Err(Refused::RuleAmount { currency });
    }
    Ok(text)
}

/// Refuses a second rule with one text: the first would explain what the second is for.
///
/// # Errors
/// [`Refused::RuleExists`].
pub fn must_be_new(account: &Code, same: Option<&AccountRule>) -> Result<(), Refused> {
    match same {
        Some(same) => Err(Refused::RuleExists {
            rule: same.rule.proposal,
            account: account.clone(),
            text: same.rule.text.as_str().to_owned(),
        }),
        None => Ok(()),
    }
}

/// Decides whether a rule may be removed. What it explained stays explained.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::RuleRemoved`].
pub fn remove(rule: &AccountRule, actor: &Actor) -> Result<(), Refused> {
    actor.must(Act::Record)?;
    match &rule.removed {
        Some(removal) => Err(Refused::RuleRemoved {
            rule: rule.rule.proposal,
            account: rule.account.code.clone(),
            by: removal.removed.by.code.clone(),
            on: removal.removed.at.date(),
        }),
        None => Ok(()),
    }
}

impl AccountRule {
    /// Returns the rule as it was at an instant, or `None` if it did not count yet.
    pub fn as_of(mut self, at: Instant) -> Option<Self> {
        if self.approved.at > at {
            return None;
        }
        if self
            .removed
            .as_ref()
            .is_some_and(|removal| removal.removed.at > at)
        {
            self.removed = None;
            self.rule.last_day = None;
        }
        Some(self)
    }
}

impl NewBankRule {
    /// Says for a reviewer what the rule does.
    pub fn detail(&self, currency: Currency) -> String {
        format!(
            "debits that begin with `{}` are a {} of at most {currency} {}",
            self.text.as_str(),
            self.kind,
            self.at_most.grouped(currency.decimals())
        )
    }
}
