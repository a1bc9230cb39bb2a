//! Four eyes: who had a hand in something, and who may be its second person.

use std::fmt::Display;

use serde_json::Value;

use super::{
    Refused,
    code::Code,
    id::{UserId, UserRef},
    role::{Act, Role},
    user::{Actor, FourEyes, User, UserStatus},
};

/// Something that a user did, so that another one must act on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hand {
    /// The user.
    pub user: UserId,
    /// What the user did, as a verb in the past.
    pub did: &'static str,
}

/// What is for a second person to do.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// Who had a hand in it.
    pub hands: &'a [Hand],
    /// Who may do it: a role that may do one of these.
    pub acts: &'static [Act],
    /// What it is about, for a message.
    pub what: &'a dyn Display,
}

/// Why somebody is not a second person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnHand {
    /// What the acting user did with it.
    pub did: &'static str,
    /// Who may do what is refused.
    pub may: Vec<Code>,
}

/// A user whom the rule let through. The entry of what the user does is to be marked with it.
#[must_use]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecondPerson {
    /// Who added or changed the user, if nobody could acknowledge that: it is an exception.
    pub unacknowledged_of: Option<Code>,
}

/// A user, in view of four eyes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewer {
    /// The user.
    pub user: UserRef,
    /// The role.
    pub role: Role,
    /// Whether the user may act at all.
    pub status: UserStatus,
    /// Who added or changed the user, until somebody else has acknowledged that.
    pub unacknowledged_of: Option<UserRef>,
}

/// The users, in order of their codes, and whether a second person must act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewers {
    /// Whether a second person must act.
    pub four_eyes: FourEyes,
    /// All users: one who left still is behind those whom that one added.
    pub users: Vec<Reviewer>,
}

/// A user whom nobody has acknowledged, before work of the one who added or changed the user.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Unacknowledged {
    /// Who added or changed the user.
    by: Code,
    /// Who can acknowledge the user; if nobody can, the work goes on and is an exception.
    acknowledgers: Vec<Code>,
}

impl SecondPerson {
    /// Marks in the entry of an act that nobody could acknowledge the user.
    pub fn mark(&self, changes: &mut Value) {
        if let (Some(by), Some(fields)) = (&self.unacknowledged_of, changes.as_object_mut()) {
            fields.insert("unacknowledged_of".to_owned(), by.as_str().into());
        }
    }
}

impl Reviewers {
    /// The one way to be a second person: refuses who had a hand in the work, as `refuse` says, and
    /// whom somebody else must acknowledge first. With four eyes off everybody is let through.
    ///
    /// # Errors
    /// [`Refused::NotAcknowledged`], or the refusal that `refuse` makes.
    pub fn second_person(
        &self,
        actor: &Actor,
        work: Work<'_>,
        refuse: impl FnOnce(OwnHand) -> Refused,
    ) -> Result<SecondPerson, Refused> {
        if self.four_eyes == FourEyes::Off {
            return Ok(SecondPerson::default());
        }
        let user = &actor.user;
        if let Some(own) = work.hands.iter().find(|hand| hand.user == user.id) {
            let may = self.who_may(work);
            return Err(refuse(OwnHand { did: own.did, may }));
        }
        match self.unacknowledged(user.id, work.hands) {
            Some(Unacknowledged { by, acknowledgers }) if !acknowledgers.is_empty() => {
                Err(Refused::NotAcknowledged {
                    actor: user.code.clone(),
                    by,
                    what: work.what.to_string(),
                    acknowledgers,
                })
            }
            waits => Ok(SecondPerson {
                unacknowledged_of: waits.map(|waits| waits.by),
            }),
        }
    }

    /// Returns who may do what is for a second person.
    pub fn who_may(&self, work: Work<'_>) -> Vec<Code> {
        let may = |one: &&Reviewer| {
            let user = one.user.id;
            let waits = self.unacknowledged(user, work.hands);
            work.acts.iter().any(|act| one.role.may(*act))
                && !work.hands.iter().any(|hand| hand.user == user)
                && waits.is_none_or(|waits| waits.acknowledgers.is_empty())
        };
        let users = self.active().filter(may);
        users.map(|one| one.user.code.clone()).collect()
    }

    /// Finds who introduced a user and has a hand in the work, if nobody has acknowledged the user.
    /// One whom nobody has acknowledged introduces nobody in a way of his own: whoever introduced
    /// that one counts too.
    fn unacknowledged(&self, user: UserId, hands: &[Hand]) -> Option<Unacknowledged> {
        let behind = self.behind(user);
        let had_a_hand = |by: &&&UserRef| hands.iter().any(|hand| hand.user == by.id);
        let by = behind.iter().find(had_a_hand)?;
        Some(Unacknowledged {
            by: by.code.clone(),
            acknowledgers: self.others(user, behind.first()?.id),
        })
    }

    /// Returns who is behind a user whom nobody has acknowledged: who added or changed the user,
    /// and, as long as nobody has acknowledged that one either, who added or changed that one.
    pub fn behind(&self, user: UserId) -> Vec<&UserRef> {
        let mut behind: Vec<&UserRef> = Vec::new();
        let mut of = self.introduced_by(user);
        while let Some(by) = of {
            if by.id == user || behind.contains(&by) {
                break;
            }
            behind.push(by);
            of = self.introduced_by(by.id);
        }
        behind
    }

    /// Returns who added or changed a user, if nobody has acknowledged that.
    fn introduced_by(&self, user: UserId) -> Option<&UserRef> {
        let one = self.users.iter().find(|one| one.user.id == user)?;
        one.unacknowledged_of.as_ref()
    }

    /// Returns who can acknowledge a user: every reviewer but the user, the one who introduced the
    /// user, and who else is behind the user.
    pub fn others(&self, user: UserId, introduced_by: UserId) -> Vec<Code> {
        let behind = self.behind(user);
        let others = self.active().filter(|one| one.role.may(Act::Review));
        let others = others.map(|one| &one.user);
        let others = others.filter(|other| {
            other.id != user && other.id != introduced_by && !behind.contains(other)
        });
        others.map(|other| other.code.clone()).collect()
    }

    /// Decides whether a user may acknowledge another one: not who is behind that one.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], [`Refused::AcknowledgeSameActor`].
    pub fn acknowledge(&self, user: &User, actor: &Actor) -> Result<(), Refused> {
        actor.must(Act::Review)?;
        let (own, by) = (user.user.id, user.introduced_by.id);
        let is_behind = self.behind(own).contains(&&actor.user);
        if [own, by].contains(&actor.user.id) || is_behind {
            return Err(Refused::AcknowledgeSameActor {
                user: user.user.code.clone(),
                actor: actor.user.code.clone(),
                may: self.others(own, by),
            });
        }
        Ok(())
    }

    /// Goes over the users who may act.
    fn active(&self) -> impl Iterator<Item = &Reviewer> {
        let users = self.users.iter();
        users.filter(|one| one.status == UserStatus::Active)
    }

    /// Returns whether four eyes need somebody who only reviews, and there is nobody.
    pub fn lack_an_approver(&self) -> bool {
        let only_reviews =
            |one: &&Reviewer| one.role.may(Act::Review) && !one.role.may(Act::Record);
        self.four_eyes == FourEyes::On && self.active().find(only_reviews).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::tests::{actor, named};

    fn hand(user: &str, did: &'static str) -> Hand {
        Hand {
            user: named::<UserId>(user).id,
            did,
        }
    }

    fn reviewer(user: &str, unacknowledged_of: Option<&str>) -> Reviewer {
        Reviewer {
            user: named(user),
            role: Role::Admin,
            status: UserStatus::Active,
            unacknowledged_of: unacknowledged_of.map(named),
        }
    }

    fn desk(users: &[(&str, Option<&str>)], four_eyes: FourEyes) -> Reviewers {
        let users = users.iter().map(|(user, of)| reviewer(user, *of));
        Reviewers {
            four_eyes,
            users: users.collect(),
        }
    }

    fn codes(list: &[&str]) -> Vec<Code> {
        list.iter().map(|code| Code::parse(code).unwrap()).collect()
    }

    fn work(hands: &[Hand]) -> Work<'_> {
        Work {
            hands,
            acts: &[Act::Review],
            what: &"W-000001",
        }
    }

    /// Returns what becomes of an act, in short.
    fn act(reviewers: &Reviewers, user: &str, hands: &[Hand]) -> String {
        let refuse = |own: OwnHand| Refused::WithdrawalSameActor {
            withdrawal: crate::domain::code::WithdrawalNumber::new(1),
            actor: Code::parse(own.did).unwrap(),
            may: own.may,
        };
        match reviewers.second_person(&actor(user, Role::Admin), work(hands), refuse) {
            Ok(SecondPerson { unacknowledged_of }) => unacknowledged_of
                .map_or_else(|| "goes on".to_owned(), |by| format!("goes on, of {by}")),
            Err(Refused::WithdrawalSameActor { actor, may, .. }) => format!("{actor}, may {may:?}"),
            Err(Refused::NotAcknowledged {
                by, acknowledgers, ..
            }) => {
                format!("waits for {acknowledgers:?}, of {by}")
            }
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn whoever_had_a_hand_in_it_is_barred_and_the_others_may() {
        let users = [("ada", None), ("ben", None), ("chi", None)];
        let hands = [hand("ada", "created"), hand("chi", "calculated")];
        let on = desk(&users, FourEyes::On);
        assert_eq!(
            act(&on, "chi", &hands),
            format!("calculated, may {:?}", codes(&["ben"]))
        );
        assert_eq!(act(&on, "ben", &hands), "goes on");
        assert_eq!(on.who_may(work(&[])).len(), 3);
        let off = desk(&users, FourEyes::Off);
        assert_eq!(act(&off, "ada", &hands), "goes on");
    }

    #[test]
    fn who_may_depends_on_the_role() {
        let mut reviewers = desk(&[("ada", None), ("bola", None)], FourEyes::On);
        reviewers.users[1].role = Role::Operator;
        let may = |acts: &'static [Act]| reviewers.who_may(Work { acts, ..work(&[]) });
        assert_eq!(may(&[Act::Review]), codes(&["ada"]));
        assert_eq!(may(&[Act::Review, Act::Record]), codes(&["ada", "bola"]));
    }

    #[test]
    fn a_new_user_does_not_act_on_work_of_the_one_who_added_the_user() {
        let three = [("ada", None), ("ben", Some("ada")), ("chi", None)];
        let hands = [hand("ada", "created")];
        let on = desk(&three, FourEyes::On);
        let waits = format!("waits for {:?}, of ada", codes(&["chi"]));
        assert_eq!(act(&on, "ben", &hands), waits);
        assert_eq!(on.who_may(work(&hands)), codes(&["chi"]));
        assert_eq!(act(&on, "ben", &[hand("bola", "created")]), "goes on");
        assert_eq!(act(&desk(&three, FourEyes::Off), "ben", &hands), "goes on");
        let two = desk(&three[..2], FourEyes::On);
        assert_eq!(act(&two, "ben", &hands), "goes on, of ada");
        assert_eq!(
            two.who_may(work(&hands)),
            codes(&["ben"]),
            "nobody else could acknowledge"
        );
    }

    #[test]
    fn a_user_added_by_a_new_user_does_not_act_on_work_of_the_one_behind_both() {
        let users = [
            ("ada", None),
            ("ben", Some("ada")),
            ("chi", None),
            ("dan", Some("ben")),
        ];
        let on = desk(&users, FourEyes::On);
        let waits = format!("waits for {:?}, of ada", codes(&["chi"]));
        assert_eq!(act(&on, "dan", &[hand("ada", "created")]), waits);
        // That one may leave: who is behind stays behind.
        let mut left = on;
        left.users[1].status = UserStatus::Inactive;
        assert_eq!(act(&left, "dan", &[hand("ada", "created")]), waits);
        assert!(!left.who_may(work(&[])).contains(&codes(&["ben"])[0]));
        let circle = desk(&[("ada", Some("ben")), ("ben", Some("ada"))], FourEyes::On);
        assert_eq!(act(&circle, "ben", &[hand("chi", "created")]), "goes on");
    }

    #[test]
    fn a_desk_needs_somebody_who_only_reviews() {
        let mut reviewers = desk(&[("ada", None)], FourEyes::On);
        assert!(reviewers.lack_an_approver());
        reviewers.users.push(Reviewer {
            role: Role::Approver,
            ..reviewer("chi", None)
        });
        assert!(!reviewers.lack_an_approver());
        reviewers.users.clear();
        reviewers.four_eyes = FourEyes::Off;
        assert!(!reviewers.lack_an_approver());
    }
}
