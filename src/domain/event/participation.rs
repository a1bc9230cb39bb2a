//! Who takes part in an event: holders with tokens who get no allocation as such, and what becomes
//! of their part.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{Event, NewComponent, Share, own_parts};
use crate::domain::{
    Refused,
    code::Code,
    id::{HolderId, HolderRef, ProjectRef, UserRef},
    quantity::{Amount, Percent, Tokens},
    time::{Date, Instant},
    token::Holding,
    words::words,
};

/// The words for what becomes of an excluded holder's part.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PolicyKind {
    /// The others share it.
    Redistribute,
    /// The fund keeps it.
    Retain,
    /// Another holder gets it.
    Assign,
}

words!(PolicyKind);

/// What becomes of an excluded holder's part; `H` names a holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Policy<H = HolderRef> {
    /// The others share it: it is divided over their tokens alone.
    Redistribute,
    /// The fund keeps it.
    Retain,
    /// This holder gets it.
    Assign(H),
}

impl<H> Policy<H> {
    /// Names the policy without the holder.
    pub const fn kind(&self) -> PolicyKind {
        match self {
            Self::Redistribute => PolicyKind::Redistribute,
            Self::Retain => PolicyKind::Retain,
            Self::Assign(_) => PolicyKind::Assign,
        }
    }

    /// Returns the holder who gets the part.
    pub const fn assign_to(&self) -> Option<&H> {
        match self {
            Self::Redistribute | Self::Retain => None,
            Self::Assign(holder) => Some(holder),
        }
    }

    /// Names the holder in another way.
    ///
    /// # Errors
    /// That of `name`.
    pub fn try_map<T, E>(self, name: impl FnOnce(H) -> Result<T, E>) -> Result<Policy<T>, E> {
        Ok(match self {
            Self::Redistribute => Policy::Redistribute,
            Self::Retain => Policy::Retain,
            Self::Assign(holder) => Policy::Assign(name(holder)?),
        })
    }
}

impl std::fmt::Display for Policy {
    /// Writes `redistribute`, `retain` or `assign:HOLDER`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Redistribute | Self::Retain => f.write_str(self.kind().as_str()),
            Self::Assign(holder) => write!(f, "assign:{}", holder.code),
        }
    }
}

impl std::str::FromStr for Policy<String> {
    type Err = String;

    /// Reads what [`Policy`] displays.
    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.strip_prefix("assign:")) {
            ("redistribute", _) => Ok(Self::Redistribute),
            ("retain", _) => Ok(Self::Retain),
            (_, Some(holder)) if !holder.is_empty() => Ok(Self::Assign(holder.to_owned())),
            _ => Err(format!(
                "`{text}` is not a policy; write redistribute, retain or assign:HOLDER"
            )),
        }
    }
}

/// The reasons that need no words of their own.
const REASONS: [&str; 3] = ["treasury", "unsold", "defaulted"];

/// Reads why a holder is excluded: `treasury`, `unsold`, `defaulted` or `other: TEXT`. Any other
/// text is taken as `other: TEXT`.
///
/// # Errors
/// [`Refused::ReasonMissing`]; [`Refused::SanctionedExcluded`], since frozen money stays the
/// holder's.
pub fn exclusion_reason(text: &str) -> Result<String, Refused> {
    let text = text.trim();
    let words = text.strip_prefix("other:").map_or(text, str::trim);
    if words.is_empty() {
        return Err(Refused::ReasonMissing { verb: "exclude" });
    }
    if words.to_lowercase().contains("sanction") {
        return Err(Refused::SanctionedExcluded);
    }
    Ok(if REASONS.contains(&text) {
        text.to_owned()
    } else {
        format!("other: {words}")
    })
}

/// A holder excluded from an event, before tokens and parts are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exclusion {
    /// The holder.
    pub holder: HolderRef,
    /// What becomes of the part.
    pub policy: Policy,
    /// Why.
    pub reason: String,
}

/// A holder excluded from a calculated event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excluded {
    /// The holder.
    pub holder: HolderRef,
    /// What becomes of the part.
    pub policy: Policy,
    /// Why.
    pub reason: String,
    /// The tokens held on the record date: above zero.
    pub tokens: Tokens,
    /// Their part of the tokens that the amount is divided over; zero where others share it.
    pub percentage: Percent,
    /// The money that is retained or assigned; zero where others share it.
    pub part: Amount,
}

/// An exclusion from all events of a project with a record date in its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandingExclusion {
    /// The row number.
    pub number: i64,
    /// The project.
    pub project: ProjectRef,
    /// Holder, policy and reason.
    pub exclusion: Exclusion,
    /// The first day.
    pub from: Date,
    /// The last day, if it ends.
    pub until: Option<Date>,
    /// Who recorded it.
    pub created_by: UserRef,
    /// When.
    pub created_at: Instant,
}

impl StandingExclusion {
    /// Returns whether it counts for a record date.
    pub fn counts_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    /// Returns whether some day is in both this exclusion and the days from `from` to `until`.
    fn overlaps(&self, from: Date, until: Option<Date>) -> bool {
        // One that ended before it began has no days.
        let has_days = self.until.is_none_or(|last| self.from <= last);
        has_days
            && until.is_none_or(|until| self.from <= until)
            && self.until.is_none_or(|last| from <= last)
    }
}

/// Decides whether a standing exclusion may be recorded next to the ones that the holder has in
/// the project.
///
/// # Errors
/// [`Refused::ExclusionDates`], [`Refused::AssignExcluded`] to the holder itself,
/// [`Refused::ExclusionOverlaps`].
pub fn exclude_standing(
    exclusion: &Exclusion,
    from: Date,
    until: Option<Date>,
    known: &[StandingExclusion],
) -> Result<(), Refused> {
    not_to_itself(&exclusion.holder, &exclusion.policy)?;
    if let Some(until) = until.filter(|until| *until < from) {
        return Err(Refused::ExclusionDates { from, until });
    }
    match known.iter().find(|other| other.overlaps(from, until)) {
        Some(other) => Err(Refused::ExclusionOverlaps {
            holder: exclusion.holder.code.clone(),
            from: other.from,
            until: other.until,
        }),
        None => Ok(()),
    }
}

/// Finds the exclusion that an inclusion ends: the one that counts on the day after `until`.
///
/// # Errors
/// [`Refused::NotExcluded`].
pub fn include_standing<'a>(
    holder: &Code,
    until: Date,
    known: &'a [StandingExclusion],
) -> Result<&'a StandingExclusion, Refused> {
    let ends_later = |other: &&StandingExclusion| other.until.is_none_or(|last| until < last);
    let mut later = known.iter().filter(ends_later);
    match (later.next(), later.next()) {
        // An exclusion that begins later is ended before its first day if it is the only one.
        (Some(only), None) => Ok(only),
        (Some(first), Some(_)) if first.from <= until => Ok(first),
        (None | Some(_), _) => Err(Refused::NotExcluded {
            holder: holder.clone(),
            until,
        }),
    }
}

fn not_to_itself(holder: &HolderRef, policy: &Policy) -> Result<(), Refused> {
    match policy.assign_to() {
        Some(to) if to.id == holder.id => Err(Refused::AssignExcluded {
            holder: holder.code.clone(),
            assign_to: to.code.clone(),
        }),
        Some(_) | None => Ok(()),
    }
}

/// What one event says about a holder, whatever the project's exclusions say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Excluded.
    Exclude(Policy, String),
    /// Takes part.
    Include,
}

/// Decides whether one event may exclude a holder in this way.
///
/// # Errors
/// [`Refused::AssignExcluded`] to the holder itself.
pub fn may_exclude(holder: &HolderRef, choice: &Choice) -> Result<(), Refused> {
    match choice {
        Choice::Exclude(policy, _) => not_to_itself(holder, policy),
        Choice::Include => Ok(()),
    }
}

/// What one event says about who takes part in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// What it says about single holders.
    pub holders: BTreeMap<HolderId, (HolderRef, Choice)>,
    /// How everybody else is excluded, if only these take part.
    pub others: Option<(Policy, String)>,
}

/// Who is excluded from an event, and who would be if they had tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Participation {
    /// Those with tokens, in order of their codes.
    pub exclusions: Vec<Exclusion>,
    /// Those without.
    pub unused: Vec<Code>,
}

/// Decides who of the holders with tokens is excluded: what the event says about a holder comes
/// first, then what it says about everybody else, then what the project says.
pub fn settle_participation(
    standing: &[StandingExclusion],
    choices: &Choices,
    holdings: &[Holding],
    record_date: Date,
) -> Participation {
    if standing.is_empty() && choices.holders.is_empty() && choices.others.is_none() {
        return Participation::default();
    }
    let standing: HashMap<HolderId, &Exclusion> = standing
        .iter()
        .filter(|standing| standing.counts_on(record_date))
        .map(|standing| (standing.exclusion.holder.id, &standing.exclusion))
        .collect();
    let choose = |holder: &HolderRef| -> Option<Exclusion> {
        match (choices.holders.get(&holder.id), &choices.others) {
            (Some((_, Choice::Include)), _) => None,
            (Some((_, Choice::Exclude(policy, reason))), _) | (None, Some((policy, reason))) => {
                Some(Exclusion {
                    holder: holder.clone(),
                    policy: policy.clone(),
                    reason: reason.clone(),
                })
            }
            (None, None) => standing.get(&holder.id).map(|known| (*known).clone()),
        }
    };
    let with_tokens = || holdings.iter().filter(|holding| !holding.tokens.is_zero());
    let mut exclusions: Vec<Exclusion> = with_tokens()
        .filter_map(|holding| choose(&holding.holder))
        .collect();
    exclusions.sort_unstable_by(|a, b| a.holder.code.cmp(&b.holder.code));
    let holders: std::collections::HashSet<HolderId> =
        with_tokens().map(|holding| holding.holder.id).collect();
    let chosen = choices
        .holders
        .values()
        .filter_map(|(holder, choice)| matches!(choice, Choice::Exclude(..)).then_some(holder));
    let named = chosen.chain(standing.values().map(|standing| &standing.holder));
    let mut unused: Vec<Code> = named
        .filter(|holder| !holders.contains(&holder.id) && choose(holder).is_some())
        .map(|holder| holder.code.clone())
        .collect();
    unused.sort_unstable();
    unused.dedup();
    Participation { exclusions, unused }
}

/// The holders of an event, parted into those whose tokens the amount is divided over and those who
/// are left out altogether.
#[derive(Debug)]
pub(super) struct Parted {
    /// The holders whose tokens count, in order of their codes.
    pub(super) counted: Vec<Holding>,
    /// Their tokens together.
    pub(super) counted_tokens: Tokens,
    /// Those whose part the others share.
    pub(super) left_out: Vec<Excluded>,
}

/// Takes the holders out whose part the others share.
///
/// # Errors
/// [`Refused::AssignExcluded`], [`Refused::NoParticipants`].
pub(super) fn part_holders(
    event: &Event,
    holdings: Vec<Holding>,
    total_tokens: Tokens,
    exclusions: &[Exclusion],
) -> Result<Parted, Refused> {
    if exclusions.is_empty() {
        return Ok(Parted {
            counted: holdings,
            counted_tokens: total_tokens,
            left_out: Vec::new(),
        });
    }
    let by_holder = by_holder(exclusions);
    for exclusion in exclusions {
        if let Some(to) = exclusion.policy.assign_to()
            && by_holder.contains_key(&to.id)
        {
            return Err(Refused::AssignExcluded {
                holder: exclusion.holder.code.clone(),
                assign_to: to.code.clone(),
            });
        }
    }
    let (mut counted, mut left_out) = (Vec::with_capacity(holdings.len()), Vec::new());
    let mut counted_tokens = total_tokens;
    for holding in holdings {
        match by_holder.get(&holding.holder.id) {
            Some(exclusion) if exclusion.policy == Policy::Redistribute => {
                // The tokens of one holder are part of all.
                counted_tokens = counted_tokens
                    .checked_sub(holding.tokens)
                    .unwrap_or(Tokens::ZERO);
                left_out.push(excluded(exclusion, holding.tokens, None));
            }
            Some(_) | None => counted.push(holding),
        }
    }
    if counted.is_empty() {
        return Err(Refused::NoParticipants {
            event: event.event.code.clone(),
        });
    }
    Ok(Parted {
        counted,
        counted_tokens,
        left_out,
    })
}

/// What is allocated, and what is retained or assigned of the parts of excluded holders.
#[derive(Debug)]
pub(super) struct Moved {
    /// The allocations, in order of holder code.
    pub(super) shares: Vec<Share>,
    /// The excluded holders.
    pub(super) excluded: Vec<Excluded>,
    /// What the fund keeps.
    pub(super) retained: Amount,
}

/// Moves the parts of excluded holders to the fund or to the holders that they are assigned to.
///
/// # Errors
/// [`Refused::NothingAllocated`] if nobody is left with an allocation.
pub(super) fn move_parts(
    event: &Event,
    parts: Vec<Share>,
    exclusions: &[Exclusion],
    left_out: Vec<Excluded>,
) -> Result<Moved, Refused> {
    if exclusions.is_empty() {
        return Ok(Moved {
            shares: parts,
            excluded: Vec::new(),
            retained: Amount::ZERO,
        });
    }
    let by_holder = by_holder(exclusions);
    let out_of_range = || Refused::EventAmountNotPayable {
        amount: Amount::MAX,
        unit: event.unit,
    };
    let mut moved = Moved {
        shares: Vec::with_capacity(parts.len()),
        excluded: left_out,
        retained: Amount::ZERO,
    };
    let mut assigned: BTreeMap<Code, (HolderRef, Amount)> = BTreeMap::new();
    for part in parts {
        let Some(exclusion) = by_holder.get(&part.holder.id) else {
            moved.shares.push(part);
            continue;
        };
        let sum = match &exclusion.policy {
            Policy::Assign(to) => {
                let entry = assigned.entry(to.code.clone());
                &mut entry.or_insert_with(|| (to.clone(), Amount::ZERO)).1
            }
            Policy::Retain | Policy::Redistribute => &mut moved.retained,
        };
        *sum = sum.checked_add(part.amount).ok_or_else(out_of_range)?;
        let known = (part.percentage, part.amount);
        moved
            .excluded
            .push(excluded(exclusion, part.tokens, Some(known)));
    }
    assign_parts(&mut moved.shares, assigned.into_values()).ok_or_else(out_of_range)?;
    moved
        .excluded
        .sort_unstable_by(|a, b| a.holder.code.cmp(&b.holder.code));
    if moved.shares.is_empty() {
        return Err(Refused::NothingAllocated {
            event: event.event.code.clone(),
        });
    }
    Ok(moved)
}

/// Adds assigned parts to the allocations of those who get them. A part of nothing makes no
/// allocation. `None` if a sum is out of range.
fn assign_parts(
    shares: &mut Vec<Share>,
    assigned: impl Iterator<Item = (HolderRef, Amount)>,
) -> Option<()> {
    for (to, amount) in assigned.filter(|(_, amount)| !amount.is_zero()) {
        match shares.binary_search_by(|share| share.holder.code.cmp(&to.code)) {
            Ok(at) => {
                let share = shares.get_mut(at)?;
                share.assigned = amount;
                share.amount = share.amount.checked_add(amount)?;
            }
            Err(at) => shares.insert(
                at,
                Share {
                    holder: to,
                    tokens: Tokens::ZERO,
                    percentage: Percent::ZERO,
                    amount,
                    assigned: amount,
                    tax: Amount::ZERO,
                    tax_class: None,
                },
            ),
        }
    }
    Some(())
}

/// Computes what each excluded holder would get if nobody were excluded: for those whose part the
/// others share. `held` are the tokens of the allocations, by holder.
pub fn would_be(
    event: &Event,
    components: &[NewComponent],
    held: &[(Code, Tokens)],
    excluded: &[Excluded],
) -> Vec<Amount> {
    let excluded_tokens = excluded
        .iter()
        .map(|one| (one.holder.code.clone(), one.tokens));
    let mut all: Vec<(Code, Tokens)> = held.iter().cloned().chain(excluded_tokens).collect();
    all.retain(|(_, tokens)| !tokens.is_zero());
    all.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let tokens: Vec<Tokens> = all.iter().map(|(_, tokens)| *tokens).collect();
    let parts = own_parts(event, components, &tokens).unwrap_or_default();
    let part_of = |code: &Code| {
        let at = all.binary_search_by(|(other, _)| other.cmp(code)).ok()?;
        parts.get(at).copied()
    };
    excluded
        .iter()
        .map(|one| match one.policy {
            Policy::Redistribute => part_of(&one.holder.code).unwrap_or(one.part),
            Policy::Retain | Policy::Assign(_) => one.part,
        })
        .collect()
}

fn by_holder(exclusions: &[Exclusion]) -> HashMap<HolderId, &Exclusion> {
    let named = exclusions.iter();
    named
        .map(|exclusion| (exclusion.holder.id, exclusion))
        .collect()
}

fn excluded(exclusion: &Exclusion, tokens: Tokens, part: Option<(Percent, Amount)>) -> Excluded {
    let (percentage, part) = part.unwrap_or((Percent::ZERO, Amount::ZERO));
    Excluded {
        holder: exclusion.holder.clone(),
        policy: exclusion.policy.clone(),
        reason: exclusion.reason.clone(),
        tokens,
        percentage,
        part,
    }
}

#[cfg(test)]
mod tests;
