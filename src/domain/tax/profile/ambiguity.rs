//! Whether a profile always gives one rate: every case that its rules tell apart is tried.

use super::rule::{RateRule, TaxCase};
use crate::domain::{
    component::Component,
    event_type::EventType,
    tax::{HolderKind, Residence},
};

/// Two rules that fit one case and name equally many things.
pub(super) struct Undecided {
    /// The position of a rule, from 1.
    pub(super) first: usize,
    /// The position of the other.
    pub(super) second: usize,
    /// What both fit.
    pub(super) what: String,
}

/// Finds two rules that fit one case and name equally many things, if no other rule
/// that fits names more.
pub(super) fn undecided(rules: &[RateRule]) -> Option<Undecided> {
    for case in cases(rules) {
        let fitting = rules.iter().enumerate();
        let fitting: Vec<(usize, usize)> = fitting
            .filter(|(_, rule)| rule.fits(case))
            .map(|(at, rule)| (at + 1, rule.names()))
            .collect();
        let most = fitting.iter().map(|(_, names)| *names).max();
        let mut top = fitting.iter().filter(|(_, names)| Some(*names) == most);
        if let (Some((first, _)), Some((second, _))) = (top.next(), top.next()) {
            return Some(Undecided {
                first: *first,
                second: *second,
                what: described(case),
            });
        }
    }
    None
}

/// Lists every case: components that no rule names are one.
fn cases(rules: &[RateRule]) -> Vec<TaxCase<'_>> {
    let named = rules.iter().flat_map(|rule| rule.component.named());
    let mut components: Vec<Option<&Component>> = named.map(Some).collect();
    components.sort_unstable();
    components.dedup();
    components.push(None);
    let with_none = |values: &[HolderKind]| {
        let known = values.iter().copied().map(Some);
        known.chain([None]).collect::<Vec<_>>()
    };
    let kinds = with_none(HolderKind::ALL);
    let residences = [
        Some(Residence::Resident),
        Some(Residence::NonResident),
        None,
    ];
    let mut cases = Vec::new();
    for event_type in EventType::ALL.iter().copied() {
        for component in components.iter().copied() {
            for residence in residences {
                cases.extend(kinds.iter().copied().map(|kind| TaxCase {
                    event_type,
                    component,
                    residence,
                    kind,
                }));
            }
        }
    }
    cases
}

fn described(case: TaxCase<'_>) -> String {
    let component = case
        .component
        .map_or_else(|| "other components".to_owned(), ToString::to_string);
    let residence = case.residence.map_or("unknown", Residence::as_str);
    let kind = case.kind.map_or("unknown", HolderKind::as_str);
    format!(
        "{component} of a {} event for a holder of kind {kind} and residence {residence}",
        case.event_type
    )
}
