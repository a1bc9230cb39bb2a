//! What a key remembers of the bank side's commands: the stored form of every request. A change of
//! it makes an old key refuse the same command, so a test pins each.

use serde::Serialize;

use crate::domain::{
    matching::{ChargeKind, LinkKind},
    quantity::Amount,
    time::Date,
};

/// `bank import`.
#[derive(Debug, Serialize)]
pub(super) struct ImportRequest<'a> {
    /// The account; the one that each statement names if there is none.
    pub(super) account: Option<&'a str>,
    /// The SHA-256 hash of the file.
    pub(super) file: &'a str,
    /// The SHA-256 hash of the profile's text.
    pub(super) profile: Option<String>,
    pub(super) encoding: Option<&'a str>,
}

/// `bank reconcile`.
#[derive(Debug, Serialize)]
pub(super) struct ReconcileRequest<'a> {
    pub(super) account: &'a str,
    pub(super) through: Option<Date>,
}

/// `bank confirm`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ConfirmRequest<'a> {
    /// The line.
    pub line: &'a str,
    /// Why, if that is said: of a remittance the number of the receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
}

/// `bank reject`.
#[derive(Debug, Serialize)]
pub(super) struct LineRequest<'a> {
    pub(super) line: &'a str,
}

/// `bank match`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct MatchRequest<'a> {
    /// The line.
    pub line: &'a str,
    /// The payments whose sum is its amount, or the one remittance.
    pub payments: &'a [String],
}

/// `bank unmatch`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct UnmatchRequest<'a> {
    /// The line.
    pub line: &'a str,
    /// Why the match ends.
    pub reason: &'a str,
}

/// `bank statement void`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct VoidRequest<'a> {
    /// The statement.
    pub statement: &'a str,
    /// Why it is taken back.
    pub reason: &'a str,
}

/// `bank resolve`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ResolveRequest<'a> {
    /// The line.
    pub line: &'a str,
    /// What it is.
    pub kind: LinkKind,
    /// Why.
    pub reason: &'a str,
}

/// `bank rule add`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RuleRequest<'a> {
    /// The account.
    pub account: &'a str,
    /// With what a line begins.
    pub text: &'a str,
    /// What the line is.
    pub kind: ChargeKind,
    /// The most that the rule explains.
    pub at_most: Amount,
}

/// `bank rule remove`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RuleRemovalRequest<'a> {
    /// The proposal by which the rule came.
    pub rule: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            account::{AccountNumber, BankDetails},
            code::Code,
            currency::Currency,
            time::parse_date,
        },
        ops::bank::AccountRequest,
    };

    #[test]
    fn the_stored_form_of_every_request_is_pinned() {
        let pin = |request: &dyn erased::Stored, expected: &str| {
            assert_eq!(request.json(), expected);
        };
        let bank = BankDetails {
            bank_name: Some("GTBank".to_owned()),
            bank_code: Some("058".to_owned()),
            account_number: Some(AccountNumber::parse("0123456785").unwrap()),
            account_name: None,
            currency: None,
        };
        let account = AccountRequest {
            code: Code::parse("OPS").unwrap(),
            bank,
            currency: Currency::parse("NGN").unwrap(),
            project: Some("LEKKI".to_owned()),
        };
        pin(
            &account,
            r#"{"code":"OPS","bank":{"bank_name":"GTBank","bank_code":"058","account_number":"1304f05a07120666504c279c0655129ec9146f410769f8f7bd884eb7d78315b1","account_name":null},"currency":"NGN","project":"LEKKI"}"#,
        );
        let import = ImportRequest {
            account: Some("OPS"),
            file: "5e1f",
            profile: Some("77aa".to_owned()),
            encoding: None,
        };
        pin(
            &import,
            r#"{"account":"OPS","file":"5e1f","profile":"77aa","encoding":null}"#,
        );
        let reconcile = ReconcileRequest {
            account: "OPS",
            through: parse_date("2026-06-30").ok(),
        };
        pin(&reconcile, r#"{"account":"OPS","through":"2026-06-30"}"#);
        pin(&LineRequest { line: "L-1" }, r#"{"line":"L-1"}"#);
        let mut confirm = ConfirmRequest {
            line: "L-1",
            reason: None,
        };
        pin(&confirm, r#"{"line":"L-1"}"#);
        confirm.reason = Some("receipt 7");
        pin(&confirm, r#"{"line":"L-1","reason":"receipt 7"}"#);
        let payments = &["P-1".to_owned(), "P-2".to_owned()];
        let matched = MatchRequest {
            line: "L-1",
            payments,
        };
        pin(&matched, r#"{"line":"L-1","payments":["P-1","P-2"]}"#);
        let unmatch = UnmatchRequest {
            line: "L-1",
            reason: "wrong file",
        };
        pin(&unmatch, r#"{"line":"L-1","reason":"wrong file"}"#);
        let resolve = ResolveRequest {
            line: "L-1",
            kind: LinkKind::Charge,
            reason: "wire fee",
        };
        pin(
            &resolve,
            r#"{"line":"L-1","kind":"charge","reason":"wire fee"}"#,
        );
    }

    #[test]
    fn the_stored_form_of_decisions_about_several_lines_is_pinned() {
        use crate::{
            domain::{
                matching::Tier,
                reconciliation::decision::{DecisionVerb, LineDecision},
            },
            intake::DecisionDefaults,
            ops::bank::DecisionSource,
        };
        let pin = |request: &dyn erased::Stored, expected: &str| {
            assert_eq!(request.json(), expected);
        };
        let lines = DecisionSource::Lines {
            lines: vec!["L-1".to_owned(), "L-2".to_owned()],
            decision: LineDecision::Confirm { reason: None },
        };
        pin(
            &lines,
            r#"{"lines":{"lines":["L-1","L-2"],"decision":{"confirm":{"reason":null}}}}"#,
        );
        let all = DecisionSource::All {
            account: "OPS".to_owned(),
            tier: Some(Tier::Name),
            decision: LineDecision::Reject,
        };
        pin(
            &all,
            r#"{"all":{"account":"OPS","tier":"4","decision":"reject"}}"#,
        );
        let file = DecisionSource::File {
            file: crate::intake::SheetFile::of(b"line\nL-1\n"),
            defaults: DecisionDefaults {
                verb: DecisionVerb::Resolve,
                kind: Some(LinkKind::Charge),
                reason: Some("fee".to_owned()),
            },
        };
        let change = crate::ops::bank::AccountChange {
            account: "OPS".to_owned(),
            bank_name: None,
            project: Some(crate::ops::bank::AccountProject::Any),
        };
        pin(
            &change,
            r#"{"account":"OPS","bank_name":null,"project":"any"}"#,
        );
        let hash = crate::domain::hash::sha256_hex(b"line\nL-1\n");
        pin(
            &file,
            &format!(
                r#"{{"file":{{"file":"{hash}","defaults":{{"verb":"resolve","kind":"charge","reason":"fee"}}}}}}"#
            ),
        );
    }

    #[test]
    fn the_stored_form_of_requests_about_rules_is_pinned() {
        let pin = |request: &dyn erased::Stored, expected: &str| {
            assert_eq!(request.json(), expected);
        };
        let rule = RuleRequest {
            account: "OPS",
            text: "SWIFT CHARGE",
            kind: ChargeKind::Fee,
            at_most: Amount::parse("5000").unwrap(),
        };
        pin(
            &rule,
            r#"{"account":"OPS","text":"SWIFT CHARGE","kind":"fee","at_most":"5000.0000000"}"#,
        );
        let removal = RuleRemovalRequest {
            rule: "Q-1",
            reason: None,
        };
        pin(&removal, r#"{"rule":"Q-1","reason":null}"#);
    }

    /// A request as its key stores it.
    mod erased {
        pub(super) trait Stored {
            fn json(&self) -> String;
        }

        impl<T: serde::Serialize> Stored for T {
            fn json(&self) -> String {
                serde_json::to_string(self).unwrap()
            }
        }
    }
}
