//! Taking a statement back: its lines stay and are void, so that a corrected file can come in again.

use super::{
    Refused,
    bank::ImportedStatement,
    code::{LineNumber, StatementNumber},
    reviewers::{Hand, OwnHand, Reviewers, SecondPerson, Work},
    user::{Act, Actor, FourEyes},
};

/// A statement that a user wants to take back, and what the ledger has of it.
#[derive(Clone, Copy, Debug)]
pub struct Voiding<'a> {
    /// The statement.
    pub statement: &'a ImportedStatement,
    /// Why.
    pub reason: &'a str,
    /// The users, and whether a second person must act.
    pub reviewers: &'a Reviewers,
    /// Whether a reconciliation has run over it.
    pub run: Run,
    /// Its lines that are matched or explained.
    pub decided: &'a [LineNumber],
    /// Later statements that brought lines of its days again: they have them only through it.
    pub later: &'a [StatementNumber],
}

/// Whether a reconciliation has run over a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// None since it was imported.
    None,
    /// At least one.
    Over,
}

/// A statement that is taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Void {
    /// Why, as it is kept.
    pub reason: String,
    /// Who takes it back after a reconciliation.
    pub second: SecondPerson,
}

/// Decides whether a statement may be taken back.
///
/// # Errors
/// [`Refused::Forbidden`], [`Refused::StatementSameActor`], [`Refused::StatementVoid`],
/// [`Refused::StatementDecided`], [`Refused::StatementNeeded`], [`Refused::ReasonMissing`].
pub fn void(voiding: Voiding<'_>, actor: &Actor) -> Result<Void, Refused> {
    let statement = voiding.statement.number;
    let second = match (voiding.run, voiding.reviewers.four_eyes) {
        (Run::Over, FourEyes::On) => {
            actor.must(Act::Review)?;
            second_person(voiding, actor)?
        }
        (Run::Over, FourEyes::Off) | (Run::None, _) => {
            actor.must(Act::Record)?;
            SecondPerson::default()
        }
    };
    if voiding.statement.voided.is_some() {
        return Err(Refused::StatementVoid { statement });
    }
    if !voiding.decided.is_empty() {
        let lines = voiding.decided.to_vec();
        return Err(Refused::StatementDecided { statement, lines });
    }
    if !voiding.later.is_empty() {
        let later = voiding.later.to_vec();
        return Err(Refused::StatementNeeded { statement, later });
    }
    match voiding.reason.trim() {
        "" => Err(Refused::ReasonMissing {
            verb: "take a statement back",
        }),
        reason => Ok(Void {
            reason: reason.to_owned(),
            second,
        }),
    }
}

/// Refuses who imported the statement.
fn second_person(voiding: Voiding<'_>, actor: &Actor) -> Result<SecondPerson, Refused> {
    let statement = voiding.statement.number;
    let importer = [Hand {
        user: voiding.statement.imported_by.id,
        did: "imported",
    }];
    let work = Work {
        hands: &importer,
        acts: &[Act::Review],
        what: &statement,
    };
    let refuse = |OwnHand { may, .. }| Refused::StatementSameActor {
        actor: actor.user.code.clone(),
        statement,
        may,
    };
    voiding.reviewers.second_person(actor, work, refuse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        bank::Voided,
        code::Code,
        currency::Currency,
        event::tests::desk,
        id::{AccountRef, UserRef},
        role::Role,
        signed::Signed,
        statement::StatementFormat,
        time::Instant,
    };

    fn user(number: u128) -> UserRef {
        UserRef {
            id: uuid::Uuid::from_u128(number).into(),
            code: Code::parse(&format!("u{number}")).unwrap(),
        }
    }

    fn statement(voided: Option<Voided>) -> ImportedStatement {
        ImportedStatement {
            number: StatementNumber::new(3),
            id: uuid::Uuid::from_u128(3).into(),
            account: AccountRef {
                id: uuid::Uuid::from_u128(4).into(),
                code: Code::parse("OPS").unwrap(),
            },
            currency: Currency::parse("NGN").unwrap(),
            file_hash: String::new(),
            position: 1,
            format: StatementFormat::Csv,
            encoding: String::new(),
            profile: None,
            reference: None,
            opening: None,
            closing: None,
            balance_ok: None,
            balances_proven: false,
            dates: None,
            lines_new: 1,
            lines_known: 0,
            lines_skipped: 0,
            debits: Signed::ZERO,
            credits: Signed::ZERO,
            findings: Vec::new(),
            imported_by: user(1),
            imported_at: Instant::parse("2026-06-30T09:00:00.000000Z").unwrap(),
            voided,
        }
    }

    fn code(voiding: Voiding<'_>, by: u128, role: Role) -> &'static str {
        let actor = Actor {
            user: user(by),
            role,
        };
        void(voiding, &actor).map_or_else(|refused| refused.code(), |_| "taken back")
    }

    #[test]
    fn who_may_take_a_statement_back_depends_on_the_runs_over_it() {
        let statement = statement(None);
        let free = Voiding {
            statement: &statement,
            reason: "wrong file",
            reviewers: desk(FourEyes::On),
            run: Run::None,
            decided: &[],
            later: &[],
        };
        let over = Voiding {
            run: Run::Over,
            ..free
        };
        let alone = Voiding {
            reviewers: desk(FourEyes::Off),
            ..over
        };
        for (voiding, by, role, expected) in [
            (free, 1, Role::Operator, "taken back"),
            (free, 2, Role::Operator, "taken back"),
            (free, 2, Role::Approver, "user.forbidden"),
            (free, 2, Role::Auditor, "user.forbidden"),
            (over, 1, Role::Operator, "user.forbidden"),
            (over, 2, Role::Operator, "user.forbidden"),
            (over, 2, Role::Approver, "taken back"),
            (over, 1, Role::Admin, "statement.same_actor"),
            (over, 2, Role::Admin, "taken back"),
            (over, 2, Role::Auditor, "user.forbidden"),
            (alone, 1, Role::Operator, "taken back"),
            (alone, 1, Role::Admin, "taken back"),
        ] {
            assert_eq!(
                code(voiding, by, role),
                expected,
                "{:?} {by} {role:?}",
                voiding.run
            );
        }
    }

    #[test]
    fn a_statement_with_decided_lines_or_needed_by_a_later_one_stays() {
        let open = statement(None);
        let gone = statement(Some(Voided {
            by: user(2),
            at: Instant::parse("2026-07-01T09:00:00.000000Z").unwrap(),
            reason: "wrong".to_owned(),
        }));
        let free = Voiding {
            statement: &open,
            reason: "wrong file",
            reviewers: desk(FourEyes::On),
            run: Run::None,
            decided: &[],
            later: &[],
        };
        let lines = [LineNumber::new(7)];
        let later = [StatementNumber::new(9)];
        for (voiding, expected) in [
            (free, "taken back"),
            (
                Voiding {
                    statement: &gone,
                    ..free
                },
                "statement.void",
            ),
            (
                Voiding {
                    decided: &lines,
                    ..free
                },
                "statement.decided",
            ),
            (
                Voiding {
                    later: &later,
                    ..free
                },
                "statement.needed",
            ),
            (
                Voiding {
                    reason: " ",
                    ..free
                },
                "reason.missing",
            ),
        ] {
            assert_eq!(code(voiding, 1, Role::Operator), expected);
        }
    }
}
