//! `TxsSummry`: the numbers and sums that the file states for its entries.

use super::{
    super::{common, direction::Direction},
    entry,
    xml::Element,
};
use crate::domain::{
    signed::Signed,
    statement::{FindingKind, StatementFinding},
};

/// The entries of a statement, counted as `TxsSummry` counts them.
#[derive(Default)]
pub(super) struct EntrySums {
    credits: EntrySum,
    debits: EntrySum,
}

/// How many entries there are, and the sum of their amounts without signs.
#[derive(Clone, Copy, Default)]
struct EntrySum {
    count: u64,
    sum: Signed,
}

impl EntrySums {
    /// Counts an entry.
    pub(super) fn add(&mut self, direction: Direction, amount: Signed) {
        let side = match direction {
            Direction::In => &mut self.credits,
            Direction::Out => &mut self.debits,
        };
        side.count += 1;
        let magnitude = if amount.is_negative() {
            amount.negated()
        } else {
            amount
        };
        // Lines have 13 digits before the point and a sum 21, so a file would need a hundred
        // million lines to pass it.
        side.sum = side.sum.checked_add(magnitude).unwrap_or(side.sum);
    }

    /// Compares what the file states with the sums of its entries. Returns a finding if they differ.
    pub(super) fn check(&self, summary: Element<'_>) -> Option<StatementFinding> {
        let (credits, debits) = (self.credits, self.debits);
        let count = credits.count + debits.count;
        let all = credits.sum.checked_add(debits.sum);
        let mut wrong = Vec::new();
        for (name, words, count, sum) in [
            ("TtlNtries", "all entries", count, all),
            ("TtlCdtNtries", "credits", credits.count, Some(credits.sum)),
            ("TtlDbtNtries", "debits", debits.count, Some(debits.sum)),
        ] {
            if let Some(stated) = summary
                .text_at(&[name, "NbOfNtries"])
                .filter(|stated| stated.trim().parse() != Ok(count))
            {
                let stated = common::shown(stated);
                wrong.push(format!("{words}: the file states {stated} and has {count}"));
            }
            let stated = summary.text_at(&[name, "Sum"]);
            wrong.extend(differs(&format!("sum of {words}"), stated, sum));
        }
        let net = credits
            .sum
            .checked_sub(debits.sum)
            .map(|net| Signed::from(net.magnitude()));
        // Version 2 writes the net amount next to its side, later ones in an element of its own.
        let stated = [
            &["TtlNtries", "TtlNetNtry", "Amt"][..],
            &["TtlNtries", "TtlNetNtryAmt"],
        ];
        let stated = stated.into_iter().find_map(|path| summary.text_at(path));
        wrong.extend(differs("net", stated, net));
        let finding = StatementFinding::new(FindingKind::Summary, wrong.join("; "));
        (!wrong.is_empty()).then_some(StatementFinding {
            line: Some(summary.line()),
            ..finding
        })
    }
}

/// Says how a stated sum differs from that of the entries.
fn differs(words: &str, stated: Option<&str>, sum: Option<Signed>) -> Option<String> {
    let stated = stated?;
    if entry::plain_amount(stated).is_ok_and(|stated| Some(Signed::from(stated)) == sum) {
        return None;
    }
    let sum = sum.map(|sum| sum.plain(2)).unwrap_or_default();
    let stated = common::shown(stated);
    Some(format!("{words}: the file states {stated} and has {sum}"))
}
