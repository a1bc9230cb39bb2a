//! What happens next: mostly what can be done, sometimes what a rule refuses.

use super::{
    act::{Act, Bank, Command, WithdrawalSelection},
    bank::Statement,
    books::{Books, File, Payment, User},
    picks::{Picks, issue},
    register::RIGHT_AT_058,
    tax::TaxData,
    units::{Dice, ONE},
};

/// Makes the commands of a sequence, one after the other.
pub(super) struct Steps {
    pub(super) dice: Dice,
    count: usize,
    /// Commands that were done with a key.
    kept: Vec<Command>,
    /// Commands that were refused with a key, which is then still free.
    refused: Vec<Command>,
}

/// How often each verb is tried, where there is something for it.
const WEIGHTS: [(&str, usize); 48] = [
    ("user add", 1),
    ("user set", 3),
    ("user acknowledge", 1),
    ("holder add", 1),
    ("holder set", 3),
    ("holder block", 4),
    ("token", 6),
    ("project set", 2),
    ("event create", 8),
    ("project exclude", 1),
    ("project include", 2),
    ("event deduct", 4),
    ("event exclude", 2),
    ("event include", 2),
    ("event calculate", 12),
    ("event approve", 12),
    ("event cancel", 3),
    ("withdrawal request", 22),
    ("withdrawal approve", 20),
    ("withdrawal reject", 3),
    ("withdrawal cancel", 4),
    ("withdrawal pay", 13),
    ("withdrawal pay --from", 9),
    ("payment return", 4),
    ("payment file create", 30),
    ("payment correct", 3),
    ("payment settle", 3),
    ("payment settle --undo", 2),
    ("payment file export", 8),
    ("payment file cancel", 14),
    ("payment file drop", 3),
    ("holder import", 2),
    ("token import", 2),
    ("nav set", 2),
    ("bank add", 1),
    ("bank import", 14),
    ("bank statement void", 3),
    ("bank reconcile", 12),
    ("bank decide", 14),
    ("forward release", 8),
    ("forward write-off", 1),
    ("tax certificate add", 2),
    ("tax remit", 2),
    ("tax remittance reverse", 1),
    ("bank rule add", 3),
    ("bank rule remove", 2),
    ("proposal approve", 3),
    ("proposal reject", 2),
];

/// What can seldom be done, and how often of a hundred times it is done when it can.
const SELDOM: [(&str, usize); 5] = [
    ("forward release", 4),
    ("payment file drop", 50),
    ("forward write-off", 4),
    ("tax remit", 4),
    ("tax remittance reverse", 3),
];

/// How a user spells a code that the ledger knows.
pub(super) fn spelled(dice: &mut Dice, code: &str) -> String {
    match dice.below(20) {
        0 => code.to_ascii_lowercase(),
        1 => code.to_ascii_uppercase(),
        _ => code.to_owned(),
    }
}

/// The commands that each walk begins with: users, and holders with equal and unequal holdings, of
/// whom the last has no bank details.
pub(super) fn prologue() -> Vec<Command> {
    let command = |who: &str, act| Command {
        who: who.to_owned(),
        act,
        yes: true,
        key: None,
    };
    let roles = [
        ("bola", "operator"),
        ("chi", "approver"),
        ("dayo", "auditor"),
        ("eve", "admin"),
        ("femi", "operator"),
    ];
    let users = roles.into_iter().map(|(code, role)| {
        command(
            "ada",
            Act::UserAdd {
                code: code.to_owned(),
                role,
            },
        )
    });
    // Their order by bytes is not the one without regard to case: of equal remainders `B-2` comes
    // before `a-1`.
    // They know each other from the first day on.
    let known = [
        ("eve", "chi"),
        ("chi", "eve"),
        ("chi", "bola"),
        ("chi", "femi"),
    ];
    let known = known
        .into_iter()
        .map(|(by, user)| command(by, Act::UserAcknowledge(user.to_owned())));
    let holders = ["a-1", "B-2", "c.3", "D_4", "e5"]
        .into_iter()
        .enumerate()
        .map(|(at, code)| {
            let known = (at < 4).then(|| Bank::of("GTBank", Some("058"), RIGHT_AT_058[at % 3]));
            let bank = known.unwrap_or_default();
            let tax = TaxData {
                kind: Some(if at % 2 == 0 { "individual" } else { "company" }),
                residence: Some("NG"),
                state: Some("LA"),
            };
            command(
                "bola",
                Act::HolderAdd {
                    code: code.to_owned(),
                    bank,
                    tax,
                },
            )
        });
    let mut commands: Vec<Command> = users.chain(known).chain(holders).collect();
    for (project, tokens) in [
        ("LAGOS", [1, 1, 1, 3, 7]),
        ("KUWAIT", [2, 2, 5, 5, 1]),
        ("TOKYO", [1, 1, 2, 2, 4]),
    ] {
        for (code, tokens) in ["a-1", "B-2", "c.3", "D_4", "e5"].into_iter().zip(tokens) {
            commands.push(command(
                "bola",
                Act::Token(issue(code, tokens * ONE, project)),
            ));
        }
    }
    commands.push(command(
        "bola",
        Act::ProjectSet {
            project: "LAGOS".to_owned(),
            minimum: None,
            profile: Some("ng-2026"),
        },
    ));
    for (at, command) in commands.iter_mut().enumerate() {
        command.key = Some(format!("first-{at}"));
    }
    commands
}

impl Steps {
    pub(super) const fn new(seed: u64) -> Self {
        Self {
            dice: Dice::new(seed),
            count: 0,
            kept: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Makes the next command. `hash` tells the calculation hash that the ledger has for an event.
    pub(super) fn next(&mut self, books: &Books, hash: &dyn Fn(&str) -> Option<String>) -> Command {
        self.count += 1;
        let again = match self.dice.below(100) {
            0..4 => self.dice.pick(&self.kept),
            4..6 => self.dice.pick(&self.refused),
            _ => None,
        };
        if let Some(again) = again {
            return again.clone();
        }
        let act = self.act(books, hash);
        let who = self.who(books, &act);
        let yes = self.dice.percent(93);
        let key = self.dice.percent(70).then(|| self.key());
        Command { who, act, yes, key }
    }

    /// Remembers what became of a command with a key, to give it again much later.
    pub(super) fn remember(&mut self, command: &Command, done: bool) {
        if command.key.is_some() {
            let list = if done {
                &mut self.kept
            } else {
                &mut self.refused
            };
            list.push(command.clone());
        }
    }

    /// Makes a key: almost always a new one.
    fn key(&mut self) -> String {
        let used = if self.dice.percent(4) {
            self.dice.pick(&self.kept)
        } else {
            None
        };
        used.and_then(|command| command.key.clone())
            .unwrap_or_else(|| format!("key-{}", self.count))
    }

    /// Picks what to do; mostly something for which there is something.
    fn act(&mut self, books: &Books, hash: &dyn Fn(&str) -> Option<String>) -> Act {
        let mut picks = Picks {
            dice: &mut self.dice,
            books,
            count: self.count,
        };
        for (verb, times) in SELDOM {
            if picks.has_something_for(verb) && picks.dice.percent(times) {
                return picks.act(verb, hash);
            }
        }
        loop {
            let at = picks
                .dice
                .below(WEIGHTS.iter().map(|(_, weight)| weight).sum());
            let mut sum = 0;
            let reached = |(_, weight): &&(&str, usize)| {
                sum += weight;
                at < sum
            };
            let (verb, _) = WEIGHTS.iter().find(reached).unwrap();
            if picks.has_something_for(verb) || picks.dice.percent(12) {
                return picks.act(verb, hash);
            }
        }
    }

    /// Picks who acts: mostly somebody whose role allows it, often not the one whom four eyes keep
    /// from it.
    fn who(&mut self, books: &Books, act: &Act) -> String {
        let code = |user: &User| user.code.clone();
        match self.dice.below(100) {
            0 => return "nobody".to_owned(),
            1..8 => return self.dice.pick(&books.users).map(code).unwrap(),
            _ => {}
        }
        let roles = roles(books, act);
        let own = kept_from(books, act);
        let may = |user: &User| user.active && roles.contains(&user.role);
        let barred: Vec<&User> = own
            .iter()
            .map(|at| &books.users[*at])
            .filter(|user| may(user))
            .collect();
        if let Some(own) = self.dice.pick(&barred).filter(|_| self.dice.percent(25)) {
            return own.code.clone();
        }
        let fits = |(at, user): &(usize, &User)| {
            may(user) && !own.contains(at) && books.must_be_acknowledged(*at, &own).is_ok()
        };
        let able: Vec<&User> = books
            .users
            .iter()
            .enumerate()
            .filter(fits)
            .map(|(_, user)| user)
            .collect();
        // Admins are rarer than there are, so that most requests are an operator's. Bank details and
        // rules are mostly those of users who could approve, or four eyes would seldom keep anybody
        // from it.
        let usual: Vec<&User> = able
            .iter()
            .copied()
            .filter(|user| user.role == roles[0])
            .collect();
        let others = match act.verb() {
            "holder set" | "bank rule add" => 75,
            _ => 35,
        };
        let from = if usual.is_empty() || self.dice.percent(others) {
            &able
        } else {
            &usual
        };
        self.dice
            .pick(from)
            .map_or_else(|| "ada".to_owned(), |user| code(user))
    }
}

/// Returns the roles that may do a command, the usual one first.
fn roles(books: &Books, act: &Act) -> [&'static str; 2] {
    let exported = file_of(books, act).is_some_and(|file| file.exported.is_some());
    let run_over = statement_of(books, act).is_some_and(|statement| statement.run_over);
    match act.verb() {
        "user add" | "user set" => ["admin", "admin"],
        "user acknowledge"
        | "event approve"
        | "withdrawal approve"
        | "withdrawal reject"
        | "payment return"
        | "payment settle"
        | "proposal approve"
        | "proposal reject"
        | "payment settle --undo"
        | "tax certificate approve"
        | "tax certificate reject"
        | "tax remittance reverse" => ["approver", "admin"],
        _ if exported || run_over => ["approver", "admin"],
        _ => ["operator", "admin"],
    }
}

/// Finds the payment file of which something is taken out.
fn file_of<'b>(books: &'b Books, act: &Act) -> Option<&'b File> {
    let (Act::FileCancel(number) | Act::FileDrop { file: number, .. }) = act else {
        return None;
    };
    books.files.get(number.checked_sub(1)?)
}

/// Finds the statement that is taken back.
fn statement_of<'b>(books: &'b Books, act: &Act) -> Option<&'b Statement> {
    let Act::StatementVoid(number) = act else {
        return None;
    };
    books.statements.get(number.checked_sub(1)?)
}

/// Finds the payment that is returned, corrected or settled.
fn payment_of<'b>(books: &'b Books, act: &Act) -> Option<&'b Payment> {
    let (Act::Return { payment, .. }
    | Act::Correct { payment, .. }
    | Act::Settle(payment)
    | Act::UndoSettlement(payment)) = act
    else {
        return None;
    };
    books.payments.get(payment.checked_sub(1)?)
}

/// Returns who paid, sent or brought in what a command is about, or introduced whom it is about.
fn first_eyes(books: &Books, act: &Act) -> Vec<usize> {
    if let Some(payment) = payment_of(books, act) {
        let returned_by = payment.returned.map(|(_, by)| by);
        return [Some(payment.by), returned_by]
            .into_iter()
            .flatten()
            .collect();
    }
    if let Act::UserAcknowledge(code) = act {
        let user = books.user(code).ok();
        return user.map_or_else(Vec::new, |user| vec![user, books.users[user].introduced_by]);
    }
    if let Act::RemittanceReverse(number) = act {
        let remittance = number.checked_sub(1);
        let remittance = remittance.and_then(|at| books.remittances.get(at));
        return remittance.map(|one| one.by).into_iter().collect();
    }
    if let Act::Proposal {
        verb: verb @ ("proposal approve" | "tax certificate approve"),
        number,
    } = act
    {
        let found = books.proposal_of(verb, *number).ok();
        return found.map(|at| books.proposals[at].by).into_iter().collect();
    }
    let exported_by = file_of(books, act).and_then(|file| file.exported);
    let imported_by = statement_of(books, act)
        .filter(|statement| statement.run_over)
        .map(|statement| statement.by);
    exported_by.or(imported_by).into_iter().collect()
}

/// Returns the users whom four eyes keep from a command.
fn kept_from(books: &Books, act: &Act) -> Vec<usize> {
    let first = first_eyes(books, act);
    if !first.is_empty() {
        return first;
    }
    if let Act::EventApprove { code, .. } = act {
        return books.event(code).map_or_else(
            |_| Vec::new(),
            |event| [books.workers(event), books.recorders(event)].concat(),
        );
    }
    if let Act::Pay(paying) = act {
        let found = books.withdrawal(paying.withdrawal).ok();
        let approver = found.and_then(|at| books.withdrawals[at].approved_by);
        return approver.into_iter().collect();
    }
    let Act::Review {
        verb: "withdrawal approve",
        which: WithdrawalSelection::These(numbers),
    } = act
    else {
        return Vec::new();
    };
    let found = numbers
        .first()
        .and_then(|number| books.withdrawal(*number).ok());
    found.map_or_else(Vec::new, |at| {
        let withdrawal = &books.withdrawals[at];
        let mut barred = books.bank_hands(at);
        barred.push(withdrawal.requested_by);
        barred.extend(books.unblocker(withdrawal.holder));
        barred
    })
}
