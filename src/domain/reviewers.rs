//! Four eyes: who had a hand in something, and who may be its second person.

use super::{
    Refused,
    code::Code,
    id::{UserId, UserRef},
    user::FourEyes,
};

/// Something that a user did, so that another one must approve it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The user.
    pub user: UserId,
    /// What the user did, as a verb in the past.
    pub did: &'static str,
}

/// An active user who reviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// The user.
    pub user: UserRef,
    /// Who added or changed the user, until somebody else has acknowledged that.
    pub unacknowledged_of: Option<UserRef>,
    /// Whether the user records too.
    pub recording: Recording,
}

/// Whether a user who reviews also records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recording {
    /// An admin.
    Too,
    /// An approver: only reviews.
    Never,
}

/// The active users who review, in order of their codes, and whether a second person must approve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewers {
    /// Whether a second person must approve.
    pub four_eyes: FourEyes,
    /// The users.
    pub users: Vec<Reviewer>,
}

/// A reviewer whom nobody has acknowledged, before work of the one who added or changed the
/// reviewer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unacknowledged {
    /// Who added or changed the reviewer.
    pub by: Code,
    /// Who can acknowledge the reviewer; if nobody can, the approval goes on and is an exception.
    pub acknowledgers: Vec<Code>,
}

impl Reviewers {
    /// Returns what keeps a user from approving what these hands made.
    pub fn bar(&self, actor: UserId, hands: &[Hand]) -> Option<&'static str> {
        let own = hands.iter().find(|hand| hand.user == actor);
        match self.four_eyes {
            FourEyes::On => own.map(|hand| hand.did),
            FourEyes::Off => None,
        }
    }

    /// Returns whether the one who added or changed a reviewer has a hand in what the reviewer is to
    /// approve, and nobody has acknowledged the reviewer yet.
    pub fn unacknowledged(&self, actor: UserId, hands: &[Hand]) -> Option<Unacknowledged> {
        if self.four_eyes == FourEyes::Off {
            return None;
        }
        let reviewer = self.users.iter().find(|one| one.user.id == actor)?;
        let by = reviewer.unacknowledged_of.as_ref()?;
        hands.iter().find(|hand| hand.user == by.id)?;
        Some(Unacknowledged {
            by: by.code.clone(),
            acknowledgers: self.others(actor, by.id),
        })
    }

    /// Returns who can acknowledge a user: all but the user and the one who introduced the user.
    pub fn others(&self, user: UserId, introduced_by: UserId) -> Vec<Code> {
        let others = self.users.iter().map(|one| &one.user);
        let others = others.filter(|other| other.id != user && other.id != introduced_by);
        others.map(|other| other.code.clone()).collect()
    }

    /// Refuses a reviewer whom somebody else must acknowledge first. `what` is to be approved.
    ///
    /// # Errors
    /// [`Refused::NotAcknowledged`].
    pub fn must_be_acknowledged(
        &self,
        actor: &UserRef,
        hands: &[Hand],
        what: &str,
    ) -> Result<(), Refused> {
        match self.unacknowledged(actor.id, hands) {
            Some(Unacknowledged { by, acknowledgers }) if !acknowledgers.is_empty() => {
                Err(Refused::NotAcknowledged {
                    actor: actor.code.clone(),
                    by,
                    what: what.to_owned(),
                    acknowledgers,
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Returns who may approve what these hands made.
    pub fn may_approve(&self, hands: &[Hand]) -> Vec<Code> {
        let may = |one: &&Reviewer| {
            let user = one.user.id;
            let waits = self.unacknowledged(user, hands);
            self.bar(user, hands).is_none()
                && waits.is_none_or(|waits| waits.acknowledgers.is_empty())
        };
        let users = self.users.iter().filter(may);
        users.map(|one| one.user.code.clone()).collect()
    }

    /// Returns whether four eyes need somebody who only reviews, and there is nobody.
    pub fn lack_an_approver(&self) -> bool {
        self.four_eyes == FourEyes::On
            && !self
                .users
                .iter()
                .any(|one| one.recording == Recording::Never)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::tests::named;

    fn hand(user: &str, did: &'static str) -> Hand {
        Hand {
            user: named::<UserId>(user).id,
            did,
        }
    }

    fn reviewer(user: &str, unacknowledged_of: Option<&str>) -> Reviewer {
        Reviewer {
            user: named(user),
            unacknowledged_of: unacknowledged_of.map(named),
            recording: Recording::Too,
        }
    }

    fn codes(list: &[&str]) -> Vec<Code> {
        list.iter().map(|code| Code::parse(code).unwrap()).collect()
    }

    #[test]
    fn whoever_had_a_hand_in_it_is_barred_and_the_others_may() {
        let reviewers = |four_eyes| Reviewers {
            four_eyes,
            users: ["ada", "ben", "chi"]
                .map(|user| reviewer(user, None))
                .into(),
        };
        let hands = [hand("ada", "created"), hand("chi", "calculated")];
        let on = reviewers(FourEyes::On);
        assert_eq!(
            on.bar(named::<UserId>("chi").id, &hands),
            Some("calculated")
        );
        assert_eq!(on.bar(named::<UserId>("ben").id, &hands), None);
        assert_eq!(on.may_approve(&hands), codes(&["ben"]));
        assert_eq!(on.may_approve(&[]).len(), 3);
        let off = reviewers(FourEyes::Off);
        assert_eq!(off.bar(named::<UserId>("ada").id, &hands), None);
        assert_eq!(off.may_approve(&hands).len(), 3);
    }

    #[test]
    fn a_new_user_does_not_approve_work_of_the_one_who_added_the_user() {
        let reviewers = |users: Vec<Reviewer>, four_eyes| Reviewers { four_eyes, users };
        let three = || {
            vec![
                reviewer("ada", None),
                reviewer("ben", Some("ada")),
                reviewer("chi", None),
            ]
        };
        let (ben, hands) = (named::<UserId>("ben").id, [hand("ada", "created")]);
        let on = reviewers(three(), FourEyes::On);
        let waits = on.unacknowledged(ben, &hands).unwrap();
        assert_eq!(
            (waits.by.as_str(), waits.acknowledgers),
            ("ada", codes(&["chi"]))
        );
        assert_eq!(on.may_approve(&hands), codes(&["chi"]));
        assert_eq!(
            on.unacknowledged(ben, &[hand("bola", "created")]),
            None,
            "of others"
        );
        assert_eq!(
            reviewers(three(), FourEyes::Off).unacknowledged(ben, &hands),
            None
        );
        let two = reviewers(three().into_iter().take(2).collect(), FourEyes::On);
        let alone = two.unacknowledged(ben, &hands).unwrap();
        assert_eq!(alone.acknowledgers, []);
        assert_eq!(
            two.may_approve(&hands),
            codes(&["ben"]),
            "nobody else could acknowledge"
        );
    }

    #[test]
    fn a_desk_needs_somebody_who_only_reviews() {
        let mut reviewers = Reviewers {
            four_eyes: FourEyes::On,
            users: vec![reviewer("ada", None)],
        };
        assert!(reviewers.lack_an_approver());
        reviewers.users.push(Reviewer {
            recording: Recording::Never,
            ..reviewer("chi", None)
        });
        assert!(!reviewers.lack_an_approver());
        reviewers.users.clear();
        reviewers.four_eyes = FourEyes::Off;
        assert!(!reviewers.lack_an_approver());
    }
}
