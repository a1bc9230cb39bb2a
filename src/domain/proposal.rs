//! Proposals: what is new, and nobody had a hand in yet, is recorded by one user and has no effect
//! until another one approves it. With four eyes off the two steps remain, and one user may do
//! both.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    Refused,
    bank_rule::NewBankRule,
    code::{Code, ProposalNumber},
    currency::Currency,
    event::Approval,
    forward::WriteOff,
    history::{HistoryImport, ImportSummary},
    id::{ProjectId, ProposalId, UserRef},
    quantity::Amount,
    reviewers::{Hand, OwnHand, Reviewers, SecondPerson, Work},
    tax::{
        TaxRefused,
        certificate::{CertificateStatus, NewCertificate},
    },
    time::Instant,
    user::{Act, Actor},
    words::words,
};

pub use super::status::ProposalStatus;

/// What may be proposed. A later kind is a line here, one in [`ProposalContent`], one in the schema's list
/// and one in the list of `check`, and the function that gives it its effect.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ProposalKind {
    /// A rule about the lines of a bank account.
    BankRule,
    /// A certificate that lowers a holder's tax.
    TaxCertificate,
    /// Forward balances that no bank can pay are given up.
    ForwardWriteOff,
    /// Past events are imported.
    HistoryImport,
}

words!(ProposalKind);

/// What a proposal makes once it is approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalContent {
    /// A rule about the lines of a bank account.
    BankRule(NewBankRule),
    /// A certificate that lowers a holder's tax.
    TaxCertificate(NewCertificate),
    /// Forward balances that no bank can pay are given up.
    ForwardWriteOff(WriteOff),
    /// Past events are imported; their rows are next to the proposal.
    HistoryImport(HistoryImport),
}

/// What a proposal says for people: about what, how much, and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalFacts {
    /// The project that it concerns, if it concerns one.
    pub project: Option<ProjectId>,
    /// The code of what it is about.
    pub subject: String,
    /// The amount that it is about, and its currency.
    pub amount: Option<(Amount, Currency)>,
    /// What it does, in words without account numbers.
    pub detail: String,
}

/// A proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The number, shown as `Q-000001`.
    pub number: ProposalNumber,
    /// The id.
    pub id: ProposalId,
    /// What it makes.
    pub content: ProposalContent,
    /// What it says for people.
    pub facts: ProposalFacts,
    /// Who proposed it.
    pub proposed_by: UserRef,
    /// When.
    pub proposed_at: Instant,
    /// What became of it.
    pub state: ProposalState,
}

/// A proposal with all that a second person looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalDetail {
    /// The proposal.
    pub proposal: Proposal,
    /// The events and holders of an import of past events.
    pub history: Option<ImportSummary>,
}

/// What became of a proposal; who decided is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalState {
    /// It waits.
    Proposed,
    /// It has its effect.
    Approved(Approval),
    /// It never has an effect, and why.
    Rejected(Approval, String),
}

impl ProposalContent {
    /// Returns the kind.
    pub const fn kind(&self) -> ProposalKind {
        match self {
            Self::BankRule(_) => ProposalKind::BankRule,
            Self::TaxCertificate(_) => ProposalKind::TaxCertificate,
            Self::ForwardWriteOff(_) => ProposalKind::ForwardWriteOff,
            Self::HistoryImport(_) => ProposalKind::HistoryImport,
        }
    }
}

impl ProposalState {
    /// Returns the name of the state.
    pub const fn status(&self) -> ProposalStatus {
        match self {
            Self::Proposed => ProposalStatus::Proposed,
            Self::Approved(_) => ProposalStatus::Approved,
            Self::Rejected(..) => ProposalStatus::Rejected,
        }
    }

    /// Returns who decided, and when.
    pub const fn decision(&self) -> Option<&Approval> {
        match self {
            Self::Proposed => None,
            Self::Approved(decision) | Self::Rejected(decision, _) => Some(decision),
        }
    }

    /// Returns why it was rejected.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Proposed | Self::Approved(_) => None,
            Self::Rejected(_, reason) => Some(reason),
        }
    }

    /// Builds the state from what the ledger has of it, or `None` if that contradicts itself.
    pub fn from_stored(
        status: ProposalStatus,
        decision: Option<Approval>,
        reason: Option<String>,
    ) -> Option<Self> {
        match (status, decision, reason) {
            (ProposalStatus::Proposed, None, None) => Some(Self::Proposed),
            (ProposalStatus::Approved, Some(decision), None) => Some(Self::Approved(decision)),
            (ProposalStatus::Rejected, Some(decision), Some(reason)) => {
                Some(Self::Rejected(decision, reason))
            }
            (
                ProposalStatus::Proposed | ProposalStatus::Approved | ProposalStatus::Rejected,
                _,
                _,
            ) => None,
        }
    }
}

/// The approval of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApprovedProposal {
    /// The state that follows.
    pub state: ProposalState,
    /// The reviewer whom the rule let through.
    pub second: SecondPerson,
}

impl Proposal {
    /// Returns the proposal as it was at an instant, or `None` if it did not exist.
    pub fn as_of(self, at: Instant) -> Option<Self> {
        if self.proposed_at > at {
            return None;
        }
        let later = self
            .state
            .decision()
            .is_some_and(|decision| decision.at > at);
        let state = if later {
            ProposalState::Proposed
        } else {
            self.state
        };
        Some(Self { state, ..self })
    }

    /// Decides an approval: by an active user who reviews and did not propose it.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], [`Refused::ProposalDecided`], [`Refused::ProposalSameActor`],
    /// [`Refused::NotAcknowledged`].
    pub fn approve(
        &self,
        actor: &Actor,
        reviewers: &Reviewers,
        now: Instant,
    ) -> Result<ApprovedProposal, Refused> {
        actor.must(Act::Review)?;
        self.must_wait("approved")?;
        let hands = [Hand {
            user: self.proposed_by.id,
            did: "proposed",
        }];
        let what = format!("proposal {}", self.number);
        let work = Work {
            hands: &hands,
            acts: &[Act::Review],
            what: &what,
        };
        let refuse = |OwnHand { may, .. }| self.own(actor.user.code.clone(), may);
        Ok(ApprovedProposal {
            second: reviewers.second_person(actor, work, refuse)?,
            state: ProposalState::Approved(decision(actor, now)),
        })
    }

    /// Decides a rejection. Who proposed it may take it back so, if that user reviews.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], [`Refused::ProposalDecided`], [`Refused::ReasonMissing`].
    pub fn reject(
        &self,
        actor: &Actor,
        reason: &str,
        now: Instant,
    ) -> Result<ProposalState, Refused> {
        actor.must(Act::Review)?;
        self.must_wait("rejected")?;
        match reason.trim() {
            "" => Err(Refused::ReasonMissing { verb: "reject" }),
            reason => Ok(ProposalState::Rejected(
                decision(actor, now),
                reason.to_owned(),
            )),
        }
    }

    fn must_wait(&self, verb: &'static str) -> Result<(), Refused> {
        match self.state.decision() {
            None => Ok(()),
            Some(decision) => Err(self.decided(decision, verb)),
        }
    }

    /// Refuses who proposed it.
    fn own(&self, actor: Code, may: Vec<Code>) -> Refused {
        match &self.content {
            ProposalContent::BankRule(_)
            | ProposalContent::ForwardWriteOff(_)
            | ProposalContent::HistoryImport(_) => Refused::ProposalSameActor {
                proposal: self.number,
                actor,
                may,
            },
            ProposalContent::TaxCertificate(new) => TaxRefused::CertificateSameActor {
                certificate: new.number,
                actor,
                may,
            }
            .into(),
        }
    }

    /// Refuses a second decision.
    fn decided(&self, decision: &Approval, verb: &'static str) -> Refused {
        match &self.content {
            ProposalContent::BankRule(_)
            | ProposalContent::ForwardWriteOff(_)
            | ProposalContent::HistoryImport(_) => Refused::ProposalDecided {
                proposal: self.number,
                status: self.state.status(),
                by: decision.by.code.clone(),
                on: decision.at.date(),
                verb,
            },
            ProposalContent::TaxCertificate(new) => TaxRefused::CertificateState {
                certificate: new.number,
                status: match self.state {
                    ProposalState::Proposed => CertificateStatus::Proposed,
                    ProposalState::Approved(_) => CertificateStatus::Approved,
                    ProposalState::Rejected(..) => CertificateStatus::Rejected,
                },
                verb,
            }
            .into(),
        }
    }
}

fn decision(actor: &Actor, at: Instant) -> Approval {
    Approval {
        by: actor.user.clone(),
        at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::tests::{named, now},
        matching::{ChargeKind, RuleText},
        reviewers::Reviewer,
        role::Role,
        user::{FourEyes, UserStatus},
    };

    fn actor(user: &str, role: Role) -> Actor {
        Actor {
            user: named(user),
            role,
        }
    }

    fn reviewers(four_eyes: FourEyes, unacknowledged_of: Option<&str>) -> Reviewers {
        let reviewer = |user: &str, unacknowledged_of: Option<&str>| Reviewer {
            user: named(user),
            unacknowledged_of: unacknowledged_of.map(named),
            role: Role::Admin,
            status: UserStatus::Active,
        };
        Reviewers {
            four_eyes,
            users: vec![
                reviewer("ada", None),
                reviewer("chi", unacknowledged_of),
                reviewer("dan", None),
            ],
        }
    }

    fn proposal() -> Proposal {
        Proposal {
            number: ProposalNumber::new(1),
            id: uuid::Uuid::from_u128(1).into(),
            content: ProposalContent::BankRule(NewBankRule {
                account: uuid::Uuid::from_u128(2).into(),
                text: RuleText::parse("SWIFT CHARGE").unwrap(),
                kind: ChargeKind::Fee,
                at_most: Amount::parse("5000").unwrap(),
            }),
            facts: ProposalFacts {
                project: None,
                subject: "OPS".to_owned(),
                amount: None,
                detail: String::new(),
            },
            proposed_by: named("ada"),
            proposed_at: now(),
            state: ProposalState::Proposed,
        }
    }

    fn approve(
        user: &str,
        role: Role,
        reviewers: &Reviewers,
    ) -> Result<ProposalState, &'static str> {
        proposal()
            .approve(&actor(user, role), reviewers, now())
            .map(|approved| approved.state)
            .map_err(|refused| refused.code())
    }

    #[test]
    fn a_second_person_who_reviews_approves() {
        let on = reviewers(FourEyes::On, None);
        assert_eq!(approve("ada", Role::Admin, &on), Err("proposal.same_actor"));
        assert_eq!(approve("bola", Role::Operator, &on), Err("user.forbidden"));
        assert_eq!(approve("eve", Role::Auditor, &on), Err("user.forbidden"));
        let state = approve("chi", Role::Approver, &on).unwrap();
        assert_eq!(state.status(), ProposalStatus::Approved);
        assert_eq!(state.decision().unwrap().by, named("chi"));
        let refused = proposal().approve(&actor("ada", Role::Admin), &on, now());
        let may = refused.unwrap_err().may().unwrap().to_vec();
        assert_eq!(
            may.iter().map(Code::as_str).collect::<Vec<_>>(),
            ["chi", "dan"]
        );
        let off = reviewers(FourEyes::Off, None);
        assert!(approve("ada", Role::Admin, &off).is_ok());
        assert_eq!(approve("bola", Role::Operator, &off), Err("user.forbidden"));
    }

    #[test]
    fn a_reviewer_whom_the_proposer_added_is_acknowledged_first() {
        let waits = reviewers(FourEyes::On, Some("ada"));
        assert_eq!(
            approve("chi", Role::Approver, &waits),
            Err("user.not_acknowledged")
        );
        let mut alone = waits.clone();
        alone.users.pop();
        let approved = proposal()
            .approve(&actor("chi", Role::Approver), &alone, now())
            .unwrap();
        assert_eq!(approved.second.unacknowledged_of.unwrap().as_str(), "ada");
        let other = reviewers(FourEyes::On, Some("dan"));
        assert!(approve("chi", Role::Approver, &other).is_ok());
    }

    #[test]
    fn a_decision_is_final_and_a_rejection_needs_a_reason() {
        let on = reviewers(FourEyes::On, None);
        let (ada, chi) = (actor("ada", Role::Admin), actor("chi", Role::Approver));
        let rejected = proposal().reject(&ada, " typo ", now()).unwrap();
        assert_eq!(rejected.reason(), Some("typo"));
        let approved = proposal().approve(&chi, &on, now()).unwrap().state;
        for state in [rejected, approved] {
            let decided = Proposal {
                state,
                ..proposal()
            };
            let refusals = [
                decided.approve(&chi, &on, now()).unwrap_err(),
                decided.reject(&chi, "x", now()).unwrap_err(),
            ];
            assert_eq!(
                refusals.map(|refused| refused.code()),
                ["proposal.decided"; 2]
            );
        }
        assert_eq!(
            proposal().reject(&chi, " ", now()).unwrap_err().code(),
            "reason.missing"
        );
        let operator = actor("bola", Role::Operator);
        assert_eq!(
            proposal().reject(&operator, "x", now()).unwrap_err().code(),
            "user.forbidden"
        );
    }

    #[test]
    fn a_past_day_shows_a_proposal_as_it_was() {
        let (early, late) = (
            Instant::parse("2020-01-01T00:00:00.000000Z").unwrap(),
            Instant::parse("2099-01-01T00:00:00.000000Z").unwrap(),
        );
        assert_eq!(proposal().as_of(early), None);
        let decision = Approval {
            by: named("chi"),
            at: late,
        };
        let decided = Proposal {
            state: ProposalState::Approved(decision),
            ..proposal()
        };
        assert_eq!(
            decided.clone().as_of(now()).unwrap().state,
            ProposalState::Proposed
        );
        assert_eq!(decided.clone().as_of(late).unwrap(), decided);
    }

    #[test]
    fn a_stored_state_that_contradicts_itself_is_none() {
        let decision = Approval {
            by: named("chi"),
            at: now(),
        };
        let reason = || Some("no".to_owned());
        for (status, decision, reason, is_state) in [
            (ProposalStatus::Proposed, None, None, true),
            (
                ProposalStatus::Proposed,
                Some(decision.clone()),
                None,
                false,
            ),
            (ProposalStatus::Approved, None, None, false),
            (ProposalStatus::Approved, Some(decision.clone()), None, true),
            (
                ProposalStatus::Approved,
                Some(decision.clone()),
                reason(),
                false,
            ),
            (
                ProposalStatus::Rejected,
                Some(decision.clone()),
                None,
                false,
            ),
            (ProposalStatus::Rejected, None, reason(), false),
            (ProposalStatus::Rejected, Some(decision), reason(), true),
        ] {
            let state = ProposalState::from_stored(status, decision, reason);
            assert_eq!(
                state.map(|state| state.status()),
                is_state.then_some(status)
            );
        }
    }
}
