//! The board on which a run places lines and expectations, each once.

mod outcome;

use std::cell::{Cell, RefCell};

use super::{
    bank_rule::{self, RuleVerdict},
    claim::Claim,
    class::{Class, Classification},
    expected::Expected,
    kind::kind_of,
    line::{Line, LineKind},
    link::{Certainty, Link, LinkKind, Match, Tier},
    node::{ExpectedNode, LineNode, NAMED, others},
    proven_fees::{self, reads_like_a_fee},
    reference::References,
    rejected::{Rejected, sorted},
    remittance::ExpectedRemittance,
    setting::Setting,
    sides::Sides,
    transfers::{TransferMember, Transfers},
};
use crate::domain::{
    code::{LineNumber, WithdrawalNumber},
    currency::Currency,
    signed::Signed,
};

/// A certain link of the kind Payment.
pub(super) struct Payment {
    /// Its lines, as far as the run sees them.
    pub(super) lines: Vec<usize>,
    /// Its expectations, as far as the run sees them.
    pub(super) expected: Vec<usize>,
    /// Whether a withdrawal of it is not among the expectations.
    pub(super) partly_unseen: bool,
}

/// All that a run places.
pub(super) struct Board<'a> {
    /// The lines in the order of their numbers.
    pub(super) lines: Vec<LineNode<'a>>,
    /// The expectations in the order of their numbers.
    pub(super) expected: Vec<ExpectedNode<'a>>,
    /// The remittances that the account may have paid, in the order of their numbers.
    pub(super) remittances: Vec<&'a ExpectedRemittance>,
    /// Which debits carry the reference and the amount of which remittance.
    pub(super) claims: Vec<Claim>,
    /// What was rejected.
    pub(super) rejected: Rejected,
    /// The currency of the account.
    pub(super) currency: Currency,
    /// What is known of the account.
    pub(super) setting: &'a Setting,
    /// The transfers of several payments, each of which is one expectation.
    pub(super) transfers: &'a Transfers,
    payments: RefCell<Vec<Payment>>,
    returns: RefCell<Vec<(Vec<usize>, Vec<usize>)>>,
    pub(super) matches: RefCell<Vec<Match>>,
    /// Returns of single payments of transfers.
    member_returns: RefCell<Vec<Match>>,
}

impl<'a> Board<'a> {
    /// Lays out what a run sees; what is decided is placed first.
    pub(super) fn new(input: Sides<'a>, transfers: &'a Transfers) -> Self {
        let mut lines: Vec<&Line> = input.lines.iter().collect();
        lines.sort_by_key(|line| line.number);
        lines.dedup_by_key(|line| line.number);
        let mut expected = transfers.looked_for(input.expected);
        expected.sort_by_key(|expected| expected.withdrawal);
        expected.dedup_by_key(|expected| expected.withdrawal);
        let mut remittances: Vec<&ExpectedRemittance> = input.remittances.iter().collect();
        remittances.sort_by_key(|remittance| remittance.number);
        remittances.dedup_by_key(|remittance| remittance.number);
        let line_node = |(id, line): (usize, &'a Line)| LineNode {
            id,
            line,
            kind: kind_of(line),
            classification: RefCell::default(),
            note: RefCell::default(),
            is_of_tax: Cell::default(),
        };
        let expected_node = |(id, expected): (usize, &'a Expected)| ExpectedNode {
            id,
            expected,
            classification: RefCell::default(),
            note: RefCell::default(),
            payment: Cell::default(),
            sent_back: Cell::new(expected.return_linked),
        };
        let rejected = transfers.links(input.rejected);
        let board = Self {
            lines: lines.into_iter().enumerate().map(line_node).collect(),
            expected: expected
                .into_iter()
                .enumerate()
                .map(expected_node)
                .collect(),
            remittances,
            claims: Vec::new(),
            rejected: Rejected::new(&rejected),
            transfers,
            currency: input.currency,
            setting: input.setting,
            payments: RefCell::default(),
            returns: RefCell::default(),
            matches: RefCell::default(),
            member_returns: RefCell::default(),
        };
        board.place_decided(input.decided);
        board.note_rejected(&rejected);
        board.place_off_bank();
        board
    }

    /// Takes a debit that carries our reference and the whole amount for a transfer, whatever words
    /// it begins with: a fund pays `RETURN OF CAPITAL` and `INTEREST` too, and what it paid must
    /// never look unpaid. What is linked already is read like the rest, so that a later run counts
    /// the same transfers as the one that linked it.
    pub(super) fn read_debits_by_reference(&mut self, references: &References) {
        for node in &mut self.lines {
            let odd = matches!(node.kind, LineKind::Reversal | LineKind::Interest);
            if !odd || !node.line.amount.is_negative() {
                continue;
            }
            let units = node.units();
            let pays = |id: usize| {
                self.expected
                    .get(id)
                    .is_some_and(|expected| expected.units() == units)
            };
            if references
                .find(node.line)
                .iter()
                .any(|hit| (hit.ours || hit.ended) && pays(hit.expected))
            {
                node.kind = LineKind::Principal;
            }
        }
    }

    fn place_decided(&self, decided: &[Link]) {
        for link in decided {
            let lines: Vec<&LineNode<'a>> = sorted(&link.lines)
                .into_iter()
                .filter_map(|number| self.line(number))
                .collect();
            let withdrawals = sorted(&self.transfers.named(&link.withdrawals));
            let expected: Vec<&ExpectedNode<'a>> = withdrawals
                .iter()
                .filter_map(|number| self.expectation(*number))
                .collect();
            match link.kind {
                LinkKind::Payment => {
                    self.place_payment(&lines, &expected, &link.lines, &withdrawals);
                }
                LinkKind::Return => self.place_return(&lines, &expected, &withdrawals),
                LinkKind::Remittance => {
                    for line in lines {
                        line.place_as(Classification {
                            remittances: link.remittance.into_iter().collect(),
                            ..Classification::plain(Class::TaxRemittance)
                        });
                    }
                }
                LinkKind::Charge | LinkKind::Interest | LinkKind::Funding | LinkKind::Other => {
                    for line in lines {
                        line.place(Class::Resolved, Vec::new(), Vec::new(), None);
                    }
                }
            }
        }
    }

    /// Places the payments that no line shows.
    fn place_off_bank(&self) {
        let off_bank = |node: &&ExpectedNode<'_>| node.expected.means.is_off_bank();
        for node in self.expected.iter().filter(off_bank) {
            node.place(node.unmatched(), Vec::new(), Vec::new(), None);
        }
    }

    fn note_rejected(&self, rejected: &[Link]) {
        for link in rejected {
            let shown = |numbers: Vec<String>| numbers.join(", ");
            let withdrawals = shown(link.names().take(NAMED).collect());
            let lines = shown(
                link.lines
                    .iter()
                    .take(NAMED)
                    .map(ToString::to_string)
                    .collect(),
            );
            for line in link.lines.iter().filter_map(|number| self.line(*number)) {
                line.add_note(|| format!("rejected before: {withdrawals}"));
            }
            for expected in link
                .withdrawals
                .iter()
                .filter_map(|number| self.expectation(*number))
            {
                expected.add_note(|| format!("rejected before: {lines}"));
            }
        }
    }

    /// Places the lines that no payment can be: proven fees, taxes and levies, and notes without an
    /// amount. What only reads like a fee stays open and is named so.
    pub(super) fn place_sundry(&self) {
        let proven = proven_fees::proven(&self.lines, self.currency, &self.setting.bank);
        let open = |line: &&LineNode<'_>| line.is_open() && !line.is_of_tax.get();
        for line in self.lines.iter().filter(open) {
            self.note_rule(line);
            if line.line.amount.is_zero() {
                let detail = "a note of the bank without an amount".to_owned();
                line.place(Class::Resolved, Vec::new(), Vec::new(), Some(detail));
            } else if proven.contains(&line.id) {
                line.place(Class::FeeTaxLevy, Vec::new(), Vec::new(), None);
            } else if reads_like_a_fee(line.kind) {
                line.add_note(|| {
                    "reads like a fee, and no known charge or transfer proves it".to_owned()
                });
            }
        }
    }

    /// Places the lines that a rule of the account explains and that nothing shows to be a payment
    /// or a part of one.
    pub(super) fn place_by_rules(&self) {
        for line in self.lines.iter().filter(|line| line.is_open()) {
            let verdict = bank_rule::explain(line.line, line.kind, &self.setting.rules);
            if let Some(RuleVerdict::Explains(rule)) = verdict {
                line.place_by_rule(rule);
            }
        }
    }

    /// Notes why a rule of the account does not explain a line that begins as it says.
    fn note_rule(&self, line: &LineNode<'_>) {
        match bank_rule::explain(line.line, line.kind, &self.setting.rules) {
            Some(RuleVerdict::TooMuch(rule)) => line.add_note(|| {
                let most = rule.at_most.grouped(self.currency.decimals());
                format!(
                    "begins as rule {} of the account says, and is more than its {most}",
                    rule.proposal
                )
            }),
            Some(RuleVerdict::NamesPayee(rule)) => line.add_note(|| {
                format!(
                    "begins as rule {} of the account says, and names who was paid",
                    rule.proposal
                )
            }),
            Some(RuleVerdict::Explains(_)) | None => {}
        }
    }

    /// Finds a line by its number.
    pub(super) fn line(&self, number: LineNumber) -> Option<&LineNode<'a>> {
        let at = self
            .lines
            .binary_search_by_key(&number, |node| node.line.number)
            .ok()?;
        self.lines.get(at)
    }

    /// Finds an expectation by its withdrawal.
    pub(super) fn expectation(&self, number: WithdrawalNumber) -> Option<&ExpectedNode<'a>> {
        let at = self
            .expected
            .binary_search_by_key(&number, ExpectedNode::number)
            .ok()?;
        self.expected.get(at)
    }

    /// Returns the name of an expectation in a graph of lines and expectations.
    pub(super) fn node(&self, expected: &ExpectedNode<'_>) -> usize {
        self.lines.len() + expected.id
    }

    /// Splits the nodes of a group into lines and expectations.
    pub(super) fn split(&self, group: &[usize]) -> (Vec<&LineNode<'a>>, Vec<&ExpectedNode<'a>>) {
        let lines = group
            .iter()
            .filter_map(|node| self.lines.get(*node))
            .collect();
        let expected = group
            .iter()
            .filter_map(|node| self.expected.get(node.checked_sub(self.lines.len())?))
            .collect();
        (lines, expected)
    }

    /// Returns the points of the lines with which a link to these withdrawals was rejected.
    pub(super) fn rejected_points(
        &self,
        kind: LinkKind,
        withdrawals: &[WithdrawalNumber],
    ) -> Vec<(i64, usize)> {
        let single =
            self.rejected
                .lines_of(kind, withdrawals)
                .iter()
                .filter_map(|lines| match lines.as_slice() {
                    [line] => self.line(*line),
                    _ => None,
                });
        single
            .flat_map(|line| line.days().map(|day| (day, line.id)))
            .collect()
    }

    /// Looks at the debit lines of an expectation.
    pub(super) fn debits_of(&self, expected: &ExpectedNode<'_>) -> Vec<&LineNode<'a>> {
        let payments = self.payments.borrow();
        let payment = expected.payment.get().and_then(|at| payments.get(at));
        payment
            .into_iter()
            .flat_map(|payment| &payment.lines)
            .filter_map(|id| self.lines.get(*id))
            .collect()
    }

    /// Goes over the certain payments.
    pub(super) fn each_payment(&self, mut look: impl FnMut(&Payment)) {
        self.payments.borrow().iter().for_each(&mut look);
    }

    fn place_payment(
        &self,
        lines: &[&LineNode<'a>],
        expected: &[&ExpectedNode<'a>],
        line_numbers: &[LineNumber],
        withdrawals: &[WithdrawalNumber],
    ) {
        let line_numbers = sorted(line_numbers);
        let single = line_numbers.len() == 1 && withdrawals.len() == 1;
        let class = if single {
            Class::Matched
        } else {
            Class::MatchedGroup
        };
        let all = if line_numbers.len() == 1 {
            withdrawals.len()
        } else {
            NAMED
        };
        for line in lines {
            let withdrawals = withdrawals.iter().copied().take(all).collect();
            line.place(
                class,
                others(&line_numbers, Some(line.line.number)),
                withdrawals,
                None,
            );
        }
        let mut payments = self.payments.borrow_mut();
        for node in expected {
            let lines = line_numbers.iter().copied().take(NAMED).collect();
            node.place(class, lines, others(withdrawals, Some(node.number())), None);
            node.payment.set(Some(payments.len()));
        }
        payments.push(Payment {
            lines: lines.iter().map(|line| line.id).collect(),
            expected: expected.iter().map(|expected| expected.id).collect(),
            partly_unseen: expected.len() < withdrawals.len(),
        });
    }

    fn place_return(
        &self,
        lines: &[&LineNode<'a>],
        expected: &[&ExpectedNode<'a>],
        withdrawals: &[WithdrawalNumber],
    ) {
        for line in lines {
            line.place(
                Class::Returned,
                Vec::new(),
                withdrawals.iter().copied().take(NAMED).collect(),
                None,
            );
        }
        for node in expected {
            node.sent_back.set(true);
        }
        let ids = (
            lines.iter().map(|line| line.id).collect(),
            expected.iter().map(|expected| expected.id).collect(),
        );
        self.returns.borrow_mut().push(ids);
    }

    /// Makes a link: certain ones count from now on, proposals keep their members from taking part
    /// in others.
    pub(super) fn link(
        &self,
        kind: LinkKind,
        (tier, certainty): (Tier, Certainty),
        (lines, expected): (&[&LineNode<'a>], &[&ExpectedNode<'a>]),
        evidence: String,
    ) {
        let numbers: Vec<LineNumber> = sorted(
            &lines
                .iter()
                .map(|line| line.line.number)
                .collect::<Vec<_>>(),
        );
        let withdrawals: Vec<WithdrawalNumber> = sorted(
            &expected
                .iter()
                .map(|node| node.number())
                .collect::<Vec<_>>(),
        );
        match (certainty, kind) {
            (Certainty::Matched, LinkKind::Return) => {
                self.place_return(lines, expected, &withdrawals);
            }
            (Certainty::Matched, _) => self.place_payment(lines, expected, &numbers, &withdrawals),
            (Certainty::Proposed, _) => {
                for line in lines {
                    let others = others(&numbers, Some(line.line.number));
                    line.place(
                        Class::Proposed,
                        others,
                        withdrawals.clone(),
                        Some(evidence.clone()),
                    );
                }
                // A confirmed payment stays what it is while its return is only proposed.
                for node in expected.iter().filter(|node| node.is_open()) {
                    if kind == LinkKind::Return {
                        node.add_note(|| "a return is proposed".to_owned());
                    } else {
                        let others = others(&withdrawals, Some(node.number()));
                        node.place(
                            Class::Proposed,
                            numbers.clone(),
                            others,
                            Some(evidence.clone()),
                        );
                    }
                }
            }
        }
        self.matches.borrow_mut().push(Match {
            link: Link {
                kind,
                lines: numbers,
                withdrawals,
                remittance: None,
            },
            tier,
            certainty,
            evidence,
        });
    }

    /// Makes the return of a single payment of a transfer. What is looked for keeps its place: the
    /// other payments of the transfer did not come back.
    pub(super) fn link_member(
        &self,
        (line, member): (&LineNode<'a>, TransferMember),
        certainty: Certainty,
        evidence: &str,
    ) {
        let (class, detail) = match certainty {
            Certainty::Matched => (Class::Returned, None),
            Certainty::Proposed => (Class::Proposed, Some(evidence.to_owned())),
        };
        line.place(class, Vec::new(), Vec::new(), detail);
        self.member_returns.borrow_mut().push(Match {
            link: Link {
                kind: LinkKind::Return,
                lines: vec![line.line.number],
                withdrawals: vec![member.withdrawal],
                remittance: None,
            },
            tier: Tier::Reversal,
            certainty,
            evidence: evidence.to_owned(),
        });
    }

    /// Writes an amount for people.
    pub(super) fn shown(&self, units: i128) -> String {
        Signed::from_units(units).map_or_else(
            || "an amount".to_owned(),
            |amount| amount.grouped(self.currency.decimals()),
        )
    }
}
