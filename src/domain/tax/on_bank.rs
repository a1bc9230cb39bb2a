//! Remittances on the bank's side: which line shows one, and which account is to.

use super::liability::Remittance;
use crate::domain::{
    bank::FundAccount,
    code::LineNumber,
    id::{BankAccountId, EventId, ProjectRef},
    matching::{Certainty, Class, ExpectedRemittance},
    text,
};

/// A remittance, and what shows it on the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemittanceOnBank {
    /// The remittance.
    pub remittance: Remittance,
    /// The projects whose tax it paid, in order of their codes.
    pub projects: Vec<ProjectRef>,
    /// The events whose tax it paid.
    pub events: Vec<EventId>,
    /// The match or the proposal that holds it.
    pub link: Option<RemittanceLink>,
}

/// The match or the proposal that holds a remittance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemittanceLink {
    /// The line.
    pub line: LineNumber,
    /// The account of the line.
    pub account: BankAccountId,
    /// Whether it is decided.
    pub certainty: Certainty,
    /// What speaks for it.
    pub evidence: String,
}

impl RemittanceOnBank {
    /// Returns its class.
    pub fn class(&self) -> Class {
        match self.link.as_ref().map(|link| link.certainty) {
            Some(Certainty::Matched) => Class::TaxRemittance,
            Some(Certainty::Proposed) => Class::Proposed,
            None => Class::PaidNotOnBank,
        }
    }

    /// Returns the account that is known to have paid it: that of a decided match.
    pub fn paid_from(&self) -> Option<BankAccountId> {
        let link = self.link.as_ref();
        let link = link.filter(|link| link.certainty == Certainty::Matched);
        link.map(|link| link.account)
    }

    /// Checks whether it belongs to an account of the fund: its match or its proposal says so; else
    /// [`Self::is_expected_on`].
    pub fn belongs_to(&self, account: &FundAccount, all: &[FundAccount]) -> bool {
        match &self.link {
            Some(link) => link.account == account.account.id,
            None => self.is_expected_on(account, all),
        }
    }

    /// Checks whether an account is to show it. The tax of one project is expected on the project's
    /// own accounts in the currency, else on those of no project; that of several projects on those
    /// of no project, else on the projects' own.
    pub fn is_expected_on(&self, account: &FundAccount, all: &[FundAccount]) -> bool {
        let has_own = all.iter().any(|other| self.is_own(other));
        let has_shared = all.iter().any(|other| self.is_shared(other));
        let prefers_own = match self.projects.as_slice() {
            [_] => has_own,
            _ => !has_shared,
        };
        if prefers_own {
            self.is_own(account)
        } else {
            self.is_shared(account)
        }
    }

    /// Checks whether an account may have paid it: one in its currency, of no project or of one whose
    /// tax it paid.
    pub fn may_be_paid_from(&self, account: &FundAccount) -> bool {
        self.is_own(account) || self.is_shared(account)
    }

    /// Returns it as a run over an account sees it, or `None` if the account cannot have paid it.
    pub fn expected_on(
        &self,
        account: &FundAccount,
        all: &[FundAccount],
    ) -> Option<ExpectedRemittance> {
        let remittance = &self.remittance;
        let is_elsewhere =
            (self.link.as_ref()).is_some_and(|link| link.account != account.account.id);
        self.may_be_paid_from(account).then(|| ExpectedRemittance {
            number: remittance.number,
            amount: remittance.amount,
            date: remittance.payment_date,
            reference: remittance.reference.clone(),
            line: remittance.line,
            is_here: !is_elsewhere && self.is_expected_on(account, all),
            caution: self.caution(account, all),
        })
    }

    /// Says what is odd about the account, if it is not the one on which a line is expected, or if it
    /// holds the money of one project alone and others have a part in the tax.
    fn caution(&self, account: &FundAccount, all: &[FundAccount]) -> Option<String> {
        let codes = |of: &mut dyn Iterator<Item = &ProjectRef>| {
            let codes: Vec<String> = of.map(|project| format!("`{}`", project.code)).collect();
            (!codes.is_empty()).then(|| text::listed(&codes))
        };
        match &account.project {
            Some(own) => {
                let mut others = self.projects.iter().filter(|project| project.id != own.id);
                let others = codes(&mut others)?;
                Some(format!(
                    "the account is of `{}` alone, and part of the tax is of {others}",
                    own.code
                ))
            }
            None if !self.is_expected_on(account, all) => {
                let projects = codes(&mut self.projects.iter())?;
                Some(format!("{projects} has a bank account of its own"))
            }
            None => None,
        }
    }

    fn is_own(&self, account: &FundAccount) -> bool {
        let own = account.project.as_ref();
        let has_part = own.is_some_and(|own| self.projects.iter().any(|of| of.id == own.id));
        has_part && account.currency == self.remittance.currency
    }

    fn is_shared(&self, account: &FundAccount) -> bool {
        account.project.is_none() && account.currency == self.remittance.currency
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        account::{AccountNumber, BankAccount},
        code::RemittanceNumber,
        currency::Currency,
        decision::Approval,
        event::tests::{amount, day, named, now},
    };

    fn account(code: &str, project: Option<&str>, currency: &str) -> FundAccount {
        FundAccount {
            number: 1,
            account: named(code),
            bank: BankAccount {
                bank_name: "Bank".to_owned(),
                bank_code: None,
                account_number: AccountNumber::parse("55500055").unwrap(),
                account_name: None,
            },
            currency: Currency::parse(currency).unwrap(),
            project: project.map(named),
            created_by: named("ada"),
            created_at: now(),
        }
    }

    fn of(projects: &[&str]) -> RemittanceOnBank {
        RemittanceOnBank {
            remittance: Remittance {
                number: RemittanceNumber::new(1),
                authority: "NRS".to_owned(),
                period: "2026-06".to_owned(),
                currency: Currency::parse("NGN").unwrap(),
                amount: amount("10"),
                items: 1,
                reference: "RRR-310008".to_owned(),
                payment_date: day("2026-07-20"),
                recorded: Approval {
                    by: named("ada"),
                    at: now(),
                },
                line: None,
                reversed: None,
            },
            projects: projects.iter().copied().map(named).collect(),
            events: Vec::new(),
            link: None,
        }
    }

    fn codes(all: &[FundAccount], which: impl Fn(&FundAccount) -> bool) -> Vec<&str> {
        let found = all.iter().filter(|account| which(account));
        found.map(|account| account.account.code.as_str()).collect()
    }

    /// The projects, the accounts, those that are to show it, and those that may.
    type Case<'a> = (
        &'a [&'a str],
        &'a [FundAccount],
        &'a [&'a str],
        &'a [&'a str],
    );

    #[test]
    fn it_is_expected_on_the_accounts_of_its_project_or_else_on_those_of_no_project() {
        let (a, b) = (
            account("A1", Some("A"), "NGN"),
            account("B1", Some("B"), "NGN"),
        );
        let (shared, dollars) = (
            account("ALL", None, "NGN"),
            account("USD", Some("A"), "USD"),
        );
        let every = [a.clone(), b.clone(), shared.clone(), dollars.clone()];
        let no_shared = [a, b, dollars.clone()];
        let no_own = [shared, dollars];
        #[rustfmt::skip]
        let cases: [Case<'_>; 6] = [
            (&["A"],      &every,     &["A1"],       &["A1", "ALL"]),
            (&["A"],      &no_own,    &["ALL"],      &["ALL"]),
            (&["C"],      &every,     &["ALL"],      &["ALL"]),
            (&["C"],      &no_shared, &[],           &[]),
            (&["A", "B"], &every,     &["ALL"],      &["A1", "B1", "ALL"]),
            (&["A", "B"], &no_shared, &["A1", "B1"], &["A1", "B1"]),
        ];
        for (projects, all, expected, possible) in cases {
            let tax = of(projects);
            assert_eq!(
                codes(all, |account| tax.is_expected_on(account, all)),
                expected,
                "{projects:?}"
            );
            assert_eq!(
                codes(all, |account| tax.may_be_paid_from(account)),
                possible,
                "{projects:?}"
            );
        }
    }

    #[test]
    fn what_holds_it_says_where_it_belongs_and_what_it_is() {
        let all = [account("A1", Some("A"), "NGN"), account("ALL", None, "NGN")];
        let linked = |certainty| RemittanceOnBank {
            link: Some(RemittanceLink {
                line: LineNumber::new(7),
                account: all[1].account.id,
                certainty,
                evidence: "said".to_owned(),
            }),
            ..of(&["A"])
        };
        let shown = |tax: &RemittanceOnBank| {
            let at = codes(&all, |account| tax.belongs_to(account, &all)).join(" ");
            format!("{} {at} {}", tax.class(), tax.paid_from().is_some())
        };
        assert_eq!(shown(&of(&["A"])), "paid_not_on_bank A1 false");
        assert_eq!(shown(&linked(Certainty::Proposed)), "proposed ALL false");
        assert_eq!(
            shown(&linked(Certainty::Matched)),
            "tax_remittance ALL true"
        );
        // A run over the other account does not count it while it is proposed here.
        let is_here = |tax: &RemittanceOnBank| tax.expected_on(&all[0], &all).unwrap().is_here;
        assert!(is_here(&of(&["A"])));
        assert!(!is_here(&linked(Certainty::Proposed)));
    }

    #[test]
    fn an_odd_account_is_said() {
        let (own, shared) = (account("A1", Some("A"), "NGN"), account("ALL", None, "NGN"));
        let all = [own.clone(), shared.clone()];
        let said = |projects: &[&str], account: &FundAccount| {
            of(projects).expected_on(account, &all).unwrap().caution
        };
        assert_eq!(said(&["A"], &own), None);
        assert_eq!(
            said(&["A"], &shared).as_deref(),
            Some("`A` has a bank account of its own")
        );
        assert_eq!(
            said(&["A", "B"], &own).as_deref(),
            Some("the account is of `A` alone, and part of the tax is of `B`")
        );
        assert_eq!(said(&["A", "B"], &shared), None);
        assert_eq!(of(&["B"]).expected_on(&own, &all), None);
    }
}
