//! Tier 6: credits with which the bank sent payments back.

use std::{
    cell::RefCell,
    collections::{BTreeMap, HashMap, HashSet},
    ops::RangeInclusive,
};

use super::{
    board::Board,
    class::Class,
    graph::{Bucket, Graph},
    line::LineKind,
    link::{Certainty, LinkKind, Tier},
    node::{ExpectedNode, LineNode, day, place_group},
    reference::{Hit, References},
    text,
    transfers::TransferMember,
};

/// The days after a debit in which its return is looked for.
pub(super) const AFTER_DEBIT: i64 = 30;

/// What returns are looked for among.
struct Returns<'b, 'a> {
    board: &'b Board<'a>,
    /// Withdrawals with a line that may be a second payment.
    paid_twice: HashSet<usize>,
    /// Withdrawals whose id is in credits of which none is clearly the return: weaker
    /// evidence decides nothing.
    contested: RefCell<HashSet<usize>>,
    /// The payments of transfers, each of which may come back alone.
    members: Vec<Member<'b, 'a>>,
}

/// A payment of a transfer, and what is looked for of the transfer.
#[derive(Clone, Copy)]
struct Member<'b, 'a> {
    transfer: &'b ExpectedNode<'a>,
    payment: TransferMember,
}

/// Decides what was sent back.
pub(super) fn match_returns(board: &Board<'_>, references: &References) {
    if !board.lines.iter().any(LineNode::is_open_credit) {
        return;
    }
    let twice = board.lines.iter().filter_map(|line| {
        let placed = line.classification.borrow();
        placed
            .as_ref()
            .filter(|placed| placed.class == Class::DuplicatePayment)
            .map(|placed| placed.withdrawals.clone())
    });
    let paid_twice = twice
        .flatten()
        .filter_map(|number| board.expectation(number))
        .map(|node| node.id)
        .collect();
    let returns = Returns {
        board,
        paid_twice,
        contested: RefCell::default(),
        members: members(board),
    };
    returns.by_id(references);
    returns.by_amount();
}

/// Lists the payments of transfers, in the order of the transfers.
fn members<'b, 'a>(board: &'b Board<'a>) -> Vec<Member<'b, 'a>> {
    if board.transfers.is_empty() {
        return Vec::new();
    }
    let members = board.expected.iter().flat_map(|transfer| {
        let payments = board.transfers.members_of(transfer.expected).iter();
        payments.map(move |payment| Member {
            transfer,
            payment: *payment,
        })
    });
    members.collect()
}

impl<'b, 'a> Returns<'b, 'a> {
    /// Returns the payments of a transfer, each with its name in a graph.
    fn members_of(
        &self,
        node: &ExpectedNode<'_>,
    ) -> impl Iterator<Item = (usize, Member<'b, 'a>)> + use<'_, 'b, 'a> {
        let first = self
            .members
            .partition_point(|member| member.transfer.id < node.id);
        let id = node.id;
        let members = self.members.iter().enumerate().skip(first);
        members
            .take_while(move |(_, member)| member.transfer.id == id)
            .map(|(at, member)| (self.places() + at, *member))
    }

    /// Returns how many lines and expectations there are: the names of single payments of transfers
    /// come after theirs.
    fn places(&self) -> usize {
        self.board.lines.len() + self.board.expected.len()
    }

    fn graph(&self) -> Graph {
        Graph::new(self.places() + self.members.len())
    }

    /// A transfer that may come back as a whole and in single payments comes back only once: what
    /// fits both is one group.
    fn join_wholes(&self, graph: &mut Graph) {
        for (at, member) in self.members.iter().enumerate() {
            let (whole, single) = (self.board.node(member.transfer), self.places() + at);
            // A line has a lower name, so it is the root of what it is joined with.
            if graph.root(whole) != whole && graph.root(single) != single {
                graph.join(whole, single);
            }
        }
    }

    /// Returns the days on which a return may be booked, or `None` if there is nothing to return.
    fn window(&self, node: &ExpectedNode<'_>) -> Option<RangeInclusive<i64>> {
        let debits = self.board.debits_of(node);
        let days = || debits.iter().flat_map(|line| line.days());
        let known = node.is_paid() || (node.expected.returned && node.is_open());
        let waits = known
            && node.expected.is_here()
            && !node.sent_back.get()
            && !self.contested.borrow().contains(&node.id);
        let date = day(node.expected.date);
        let (first, last) = (days().min().unwrap_or(date), days().max().unwrap_or(date));
        waits.then_some(first..=last + AFTER_DEBIT)
    }

    fn is_rejected(&self, line: &LineNode<'_>, node: &ExpectedNode<'_>) -> bool {
        self.board
            .rejected
            .has(LinkKind::Return, &[line.line.number], &[node.number()])
    }

    /// Returns which open credits carry a reference of which expectations, or the id that the bank
    /// gave their debits.
    fn carried(
        &self,
        references: &References,
    ) -> Vec<(&'b LineNode<'a>, Vec<&'b ExpectedNode<'a>>)> {
        let carriers = self.carriers();
        let alone = |id: &str| {
            carriers
                .get(&text::reference(id))
                .is_none_or(|count| *count <= 1)
        };
        let mut ids = References::default();
        self.board.each_payment(|payment| {
            let lines = payment
                .lines
                .iter()
                .filter_map(|id| self.board.lines.get(*id));
            for id in lines
                .filter_map(|line| line.line.bank_id.as_deref())
                .filter(|id| alone(id))
            {
                payment
                    .expected
                    .iter()
                    .for_each(|expected| ids.add_recorded(id, *expected));
            }
        });
        // What the bank printed on several debits identifies none of them.
        let tells = |hit: &Hit| {
            let recorded = self
                .board
                .expected
                .get(hit.expected)
                .and_then(|node| node.expected.reference.as_deref());
            hit.ours || recorded.is_some_and(alone)
        };
        let credits = self.board.lines.iter().filter(|line| line.is_open_credit());
        let carried = credits.map(|line| {
            let hits = references.find(line.line).into_iter().filter(tells);
            let mut hits: Vec<usize> = hits
                .chain(ids.find(line.line))
                .map(|hit| hit.expected)
                .collect();
            hits.sort_unstable();
            hits.dedup();
            let nodes = hits
                .into_iter()
                .filter_map(|at| self.board.expected.get(at));
            (
                line,
                nodes
                    .filter(|node| !self.is_rejected(line, node))
                    .collect::<Vec<_>>(),
            )
        });
        carried.filter(|(_, nodes)| !nodes.is_empty()).collect()
    }

    /// Counts the debits that carry each reference in a field of its own.
    fn carriers(&self) -> HashMap<String, usize> {
        let mut carriers = HashMap::new();
        for node in self
            .board
            .lines
            .iter()
            .filter(|node| node.line.amount.is_negative())
        {
            let fields = [
                &node.line.reference,
                &node.line.bank_id,
                &node.line.end_to_end,
            ];
            let fields: HashSet<String> = fields
                .into_iter()
                .flatten()
                .map(|field| text::reference(field))
                .collect();
            // The fees next to a transfer carry its reference too; it identifies only transfers.
            //
            for field in fields
                .into_iter()
                .filter(|_| node.kind == LineKind::Principal)
            {
                *carriers.entry(field).or_default() += 1;
            }
        }
        carriers
    }

    /// The id of the payment: certain if it is unique both ways.
    fn by_id(&self, references: &References) {
        let carried = self.carried(references);
        let mut graph = self.graph();
        for (line, nodes) in &carried {
            for node in nodes {
                let window = self.window(node);
                if !window.is_some_and(|window| line.is_within(&window)) {
                    continue;
                }
                if node.units() == line.units() {
                    graph.join(line.id, self.board.node(node));
                }
                for (single, member) in self.members_of(node) {
                    let rejected = self
                        .board
                        .transfers
                        .has_rejected(line.line.number, member.payment);
                    if member.payment.amount.units() == line.units() && !rejected {
                        graph.join(line.id, single);
                    }
                }
            }
        }
        self.join_wholes(&mut graph);
        let evidence = "the credit carries the payment's id and its whole amount";
        self.decide(graph, Certainty::Matched, evidence);
        // What carries an id is not anybody else's return.
        for (line, nodes) in carried.iter().filter(|(line, _)| line.is_open()) {
            place_unfit(line, nodes);
        }
    }

    /// A reversal by the bank's words, and the amount: proposed if it is unique both ways.
    fn by_amount(&self) {
        let mut buckets: BTreeMap<i128, Bucket> = BTreeMap::new();
        let open = self
            .board
            .lines
            .iter()
            .filter(|line| line.is_open_credit() && line.kind == LineKind::Reversal);
        for line in open {
            let bucket = buckets.entry(line.units()).or_default();
            line.days().for_each(|day| bucket.add(day, line.id));
        }
        buckets.values_mut().for_each(Bucket::sort);
        let mut graph = self.graph();
        for node in &self.board.expected {
            let Some(bucket) = buckets.get_mut(&node.units()) else {
                continue;
            };
            let Some(window) = self.window(node) else {
                continue;
            };
            let without = self
                .board
                .rejected_points(LinkKind::Return, &[node.number()]);
            bucket.attach(&mut graph, self.board.node(node), &window, &without);
        }
        self.attach_members(&mut graph, &mut buckets);
        self.decide(
            graph,
            Certainty::Proposed,
            "a reversal of the same amount within 30 days of the debit",
        );
    }

    /// Joins single payments of transfers with the reversals of their amounts.
    fn attach_members(&self, graph: &mut Graph, buckets: &mut BTreeMap<i128, Bucket>) {
        for (at, member) in self.members.iter().enumerate() {
            let Some(bucket) = buckets.get_mut(&member.payment.amount.units()) else {
                continue;
            };
            let Some(window) = self.window(member.transfer) else {
                continue;
            };
            let is_rejected = |line: &&LineNode<'_>| {
                let transfers = self.board.transfers;
                transfers.has_rejected(line.line.number, member.payment)
            };
            let rejected = self.board.lines.iter().filter(is_rejected);
            let without: Vec<(i64, usize)> = rejected
                .flat_map(|line| line.days().map(|day| (day, line.id)))
                .collect();
            bucket.attach(graph, self.places() + at, &window, &without);
        }
        for bucket in buckets.values_mut() {
            bucket.seal(graph);
        }
        self.join_wholes(graph);
    }

    fn decide(&self, graph: Graph, certainty: Certainty, evidence: &str) {
        for group in graph.groups() {
            let (lines, mut expected) = self.board.split(&group);
            let places = group.iter().filter_map(|at| at.checked_sub(self.places()));
            let singles: Vec<&Member<'b, 'a>> =
                places.filter_map(|at| self.members.get(at)).collect();
            let members = (lines.as_slice(), expected.as_slice());
            let sure = |node: &ExpectedNode<'_>| !self.paid_twice.contains(&node.id);
            match (lines.as_slice(), expected.as_slice(), singles.as_slice()) {
                ([_], [node], []) if sure(node) => {
                    self.board.link(
                        LinkKind::Return,
                        (Tier::Reversal, certainty),
                        members,
                        evidence.to_owned(),
                    );
                }
                ([line], [], [single]) if sure(single.transfer) => {
                    // What else may come back of the transfer is for stronger evidence to say.
                    self.contested.borrow_mut().insert(single.transfer.id);
                    let link = (*line, single.payment);
                    self.board.link_member(link, certainty, evidence);
                }
                _ => {
                    expected.extend(singles.iter().map(|single| single.transfer));
                    expected.sort_unstable_by_key(|node| node.id);
                    expected.dedup_by_key(|node| node.id);
                    self.place_ambiguous(&lines, &expected);
                }
            }
        }
    }

    /// Only the credits are in doubt: what was paid stays paid, and what is said to be returned
    /// is not proven by any of them.
    fn place_ambiguous(&self, lines: &[&LineNode<'a>], expected: &[&ExpectedNode<'a>]) {
        let unplaced: Vec<_> = expected.iter().filter(|node| node.is_open()).collect();
        for node in &unplaced {
            let why = "several debits or credits may be the ones of its return".to_owned();
            node.place(Class::ReturnedUnproven, Vec::new(), Vec::new(), Some(why));
        }
        self.contested
            .borrow_mut()
            .extend(expected.iter().map(|node| node.id));
        let why = "several debits or credits may be the ones of this return";
        place_group(Class::Ambiguous, (lines, expected), why);
    }
}

/// A credit that says which payment it is about, but that is not simply its return.
fn place_unfit(line: &LineNode<'_>, nodes: &[&ExpectedNode<'_>]) {
    let withdrawals: Vec<_> = nodes.iter().map(|node| node.number()).collect();
    let unsure = |node: &&ExpectedNode<'_>| {
        let class = node.class();
        let open = matches!(class, Some(Class::DuplicatePayment | Class::Ambiguous));
        open && node.units() == line.units()
    };
    let (class, why) = if nodes.iter().any(unsure) {
        (
            Class::Ambiguous,
            "several debits may be the one that was sent back",
        )
    } else if line.kind == LineKind::Reversal {
        (
            Class::UnlinkedReversal,
            "carries the id of a payment, but not its amount, its days or a debit that is certain",
        )
    } else {
        (
            Class::UnexpectedCredit,
            "carries the id of a payment, but not its amount, its days or a debit that is certain",
        )
    };
    line.place(class, Vec::new(), withdrawals, Some(why.to_owned()));
}
