//! Entries of the register, events and requests as words of the command line.

use super::super::{Entry, EventDraft, FILE, HolderSelection};
use crate::model::{components::Component, units::plain};

impl HolderSelection {
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Self::One(holder, amount, bank) => {
                let amount = match amount {
                    Some(amount) => vec!["--amount".to_owned(), plain(*amount)],
                    None => vec!["--all".to_owned()],
                };
                [
                    vec!["--holder".to_owned(), holder.clone()],
                    amount,
                    bank.words(),
                ]
                .concat()
            }
            Self::Everybody { strict } => [
                vec!["--all-holders".to_owned()],
                if *strict {
                    vec!["--strict".to_owned()]
                } else {
                    vec![]
                },
            ]
            .concat(),
            Self::Rows(_) => vec!["--from".to_owned(), FILE.to_owned()],
        }
    }
}

impl Entry {
    pub(super) fn arguments(&self) -> String {
        let Self {
            holder,
            to,
            tokens,
            project,
            date,
            reference,
            ..
        } = self;
        let to = to.as_ref().map(|to| format!("{to} ")).unwrap_or_default();
        let reference = reference
            .as_ref()
            .map(|reference| format!(" --reference {reference}"))
            .unwrap_or_default();
        format!(
            "{holder} {to}{} --project {project} --date {date}{reference}",
            plain(*tokens)
        )
    }
}

impl EventDraft {
    pub(super) fn arguments(&self) -> String {
        let Self {
            code,
            project,
            kind,
            given,
            components,
            exempt,
            date,
            record_date,
            unit,
            minimum,
        } = self;
        let code = code
            .as_ref()
            .map(|code| format!("{code} "))
            .unwrap_or_default();
        let record_date = record_date
            .map(|date| format!(" --record-date {date}"))
            .unwrap_or_default();
        let unit = unit
            .map(|unit| format!(" --unit {}", plain(unit)))
            .unwrap_or_default();
        let minimum = minimum
            .map(|minimum| format!(" --minimum {}", plain(minimum)))
            .unwrap_or_default();
        let components: String = components.iter().map(Component::arguments).collect();
        let given = given.arguments();
        let exempt = if *exempt { " --tax-exempt law" } else { "" };
        format!(
            "{code}--project {project} --type {kind} --title T {given}{components} --date {date}{record_date}{unit}{minimum}{exempt}"
        )
    }
}
