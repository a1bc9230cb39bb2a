//! The board on which a run places lines and expectations, each once.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap},
};

use super::{
    Certainty, Class, Classification, Expected, Input, Line, LineKind, Link, LinkKind, Match,
    Outcome, Tier,
    code::{LineNumber, WithdrawalNumber},
    currency::Currency,
    kind_of,
    node::{ExpectedNode, LineNode, NAMED, others},
    reference::References,
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

/// What a user rejected, by the withdrawals that it names.
#[derive(Default)]
pub(super) struct Rejected(HashMap<(LinkKind, Vec<WithdrawalNumber>), Vec<Vec<LineNumber>>>);

/// All that a run places.
pub(super) struct Board<'a> {
    /// The lines in the order of their numbers.
    pub(super) lines: Vec<LineNode<'a>>,
    /// The expectations in the order of their numbers.
    pub(super) expected: Vec<ExpectedNode<'a>>,
    /// What was rejected.
    pub(super) rejected: Rejected,
    /// The currency of the account.
    pub(super) currency: Currency,
    payments: RefCell<Vec<Payment>>,
    returns: RefCell<Vec<(Vec<usize>, Vec<usize>)>>,
    found: RefCell<Vec<Match>>,
}

impl Rejected {
    fn new(links: &[Link]) -> Self {
        let mut all: HashMap<(LinkKind, Vec<WithdrawalNumber>), Vec<Vec<LineNumber>>> =
            HashMap::new();
        for link in links {
            all.entry((link.kind, sorted(&link.withdrawals)))
                .or_default()
                .push(sorted(&link.lines));
        }
        Self(all)
    }

    /// Tells whether this very link was rejected.
    pub(super) fn has(
        &self,
        kind: LinkKind,
        lines: &[LineNumber],
        withdrawals: &[WithdrawalNumber],
    ) -> bool {
        // Most ledgers reject nothing, and then no key is built.
        !self.0.is_empty() && self.lines_of(kind, withdrawals).contains(&sorted(lines))
    }

    fn lines_of(&self, kind: LinkKind, withdrawals: &[WithdrawalNumber]) -> &[Vec<LineNumber>] {
        if self.0.is_empty() {
            return &[];
        }
        self.0
            .get(&(kind, sorted(withdrawals)))
            .map_or(&[], Vec::as_slice)
    }
}

fn sorted<T: Ord + Clone>(all: &[T]) -> Vec<T> {
    let mut all = all.to_vec();
    all.sort_unstable();
    all.dedup();
    all
}

impl<'a> Board<'a> {
    /// Lays out what a run sees; what stands is placed first.
    pub(super) fn new(input: Input<'a>) -> Self {
        let mut lines: Vec<&Line> = input.lines.iter().collect();
        lines.sort_by_key(|line| line.number);
        lines.dedup_by_key(|line| line.number);
        let mut expected: Vec<&Expected> = input.expected.iter().collect();
        expected.sort_by_key(|expected| expected.withdrawal);
        expected.dedup_by_key(|expected| expected.withdrawal);
        let line_node = |(id, line): (usize, &'a Line)| LineNode {
            id,
            line,
            kind: kind_of(line),
            classification: RefCell::default(),
            note: RefCell::default(),
        };
        let expected_node = |(id, expected): (usize, &'a Expected)| ExpectedNode {
            id,
            expected,
            classification: RefCell::default(),
            note: RefCell::default(),
            payment: Cell::default(),
            sent_back: Cell::new(expected.return_linked),
        };
        let board = Self {
            lines: lines.into_iter().enumerate().map(line_node).collect(),
            expected: expected
                .into_iter()
                .enumerate()
                .map(expected_node)
                .collect(),
            rejected: Rejected::new(input.rejected),
            currency: input.currency,
            payments: RefCell::default(),
            returns: RefCell::default(),
            found: RefCell::default(),
        };
        board.place_decided(input.decided);
        board.note_rejected(input.rejected);
        board.place_sundry();
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
                .any(|hit| hit.ours && pays(hit.expected))
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
            let withdrawals = sorted(&link.withdrawals);
            let expected: Vec<&ExpectedNode<'a>> = withdrawals
                .iter()
                .filter_map(|number| self.expectation(*number))
                .collect();
            match link.kind {
                LinkKind::Payment => {
                    self.place_payment(&lines, &expected, &link.lines, &withdrawals)
                }
                LinkKind::Return => self.place_return(&lines, &expected, &withdrawals),
                LinkKind::Charge | LinkKind::Interest | LinkKind::Funding | LinkKind::Other => {
                    for line in lines {
                        line.place(Class::Resolved, Vec::new(), Vec::new(), None);
                    }
                }
            }
        }
    }

    fn note_rejected(&self, rejected: &[Link]) {
        for link in rejected {
            let shown = |numbers: Vec<String>| numbers.join(", ");
            let withdrawals = shown(
                link.withdrawals
                    .iter()
                    .take(NAMED)
                    .map(ToString::to_string)
                    .collect(),
            );
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

    /// Places the lines that no payment can be: fees, taxes, levies, and notes without an amount.
    fn place_sundry(&self) {
        for line in self.lines.iter().filter(|line| line.is_open()) {
            if line.line.amount.is_zero() {
                let detail = "a note of the bank without an amount".to_owned();
                line.place(Class::Resolved, Vec::new(), Vec::new(), Some(detail));
            } else if matches!(line.kind, LineKind::Fee | LineKind::Tax | LineKind::Levy) {
                line.place(Class::FeeTaxLevy, Vec::new(), Vec::new(), None);
            }
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

    /// Tells the name of an expectation in a graph of lines and expectations.
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

    /// Tells the points of the lines with which a link to these withdrawals was rejected.
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
                self.place_return(lines, expected, &withdrawals)
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
        self.found.borrow_mut().push(Match {
            link: Link {
                kind,
                lines: numbers,
                withdrawals,
            },
            tier,
            certainty,
            evidence,
        });
    }

    /// Writes an amount for people.
    pub(super) fn shown(&self, units: i128) -> String {
        super::signed::Signed::from_units(units).map_or_else(
            || "an amount".to_owned(),
            |amount| amount.grouped(self.currency.decimals()),
        )
    }

    /// Places what is left and hands everything out.
    pub(super) fn outcome(self) -> Outcome {
        self.place_rest();
        self.turn_returned();
        // What was only needed to decide goes before room is taken for what is handed out.
        drop((self.payments, self.returns, self.rejected));
        let mut found = self.found.into_inner();
        found.sort_by(|one, other| {
            let key = |found: &Match| (found.tier, found.link.kind);
            let members = |one: &Link, other: &Link| {
                one.lines
                    .cmp(&other.lines)
                    .then_with(|| one.withdrawals.cmp(&other.withdrawals))
            };
            key(one)
                .cmp(&key(other))
                .then_with(|| members(&one.link, &other.link))
        });

        let lines: BTreeMap<LineNumber, Classification> = self
            .lines
            .into_iter()
            .filter_map(|node| Some((node.line.number, node.classification.into_inner()?)))
            .collect();
        let expected: BTreeMap<WithdrawalNumber, Classification> = self
            .expected
            .into_iter()
            .filter_map(|node| Some((node.expected.withdrawal, node.classification.into_inner()?)))
            .collect();
        Outcome {
            found,
            lines,
            expected,
        }
    }

    fn place_rest(&self) {
        for line in self.lines.iter().filter(|line| line.is_open()) {
            let class = match (line.kind, line.line.amount.is_negative()) {
                (LineKind::Reversal, _) => Class::UnlinkedReversal,
                (LineKind::Fee | LineKind::Tax | LineKind::Levy, _) => Class::FeeTaxLevy,
                (LineKind::Principal | LineKind::Interest, true) => Class::OnBankNotInLedger,
                (LineKind::Principal | LineKind::Interest, false) => Class::UnexpectedCredit,
            };
            line.place(class, Vec::new(), Vec::new(), line.note.take());
        }
        for node in self.expected.iter().filter(|node| node.is_open()) {
            let class = if node.expected.payment.is_some() {
                Class::PaidNotOnBank
            } else {
                Class::Awaited
            };
            let class = if node.is_returned() {
                Class::Returned
            } else {
                class
            };
            node.place(class, Vec::new(), Vec::new(), node.note.take());
        }
    }

    /// After a return, the debit, the credit and the expectation are all returned; a group's debit
    /// once all of it is.
    fn turn_returned(&self) {
        for payment in self.payments.borrow().iter() {
            let expected: Vec<_> = payment
                .expected
                .iter()
                .filter_map(|id| self.expected.get(*id))
                .collect();
            for node in expected.iter().filter(|node| node.is_returned()) {
                node.turn(Class::Returned);
            }
            if !payment.partly_unseen
                && !expected.is_empty()
                && expected.iter().all(|node| node.is_returned())
            {
                payment
                    .lines
                    .iter()
                    .filter_map(|id| self.lines.get(*id))
                    .for_each(LineNode::turn_returned);
            }
        }
        for (credits, expected) in self.returns.borrow().iter() {
            let credits: Vec<_> = credits
                .iter()
                .filter_map(|id| self.lines.get(*id))
                .collect();
            for node in expected.iter().filter_map(|id| self.expected.get(*id)) {
                node.turn(Class::Returned);
                let debits = self.debits_of(node);
                for credit in &credits {
                    credit.add_lines(debits.iter().map(|debit| debit.line.number));
                    node.add_lines(std::iter::once(credit.line.number));
                    for debit in &debits {
                        debit.add_lines(std::iter::once(credit.line.number));
                    }
                }
            }
        }
    }
}
