//! The model's calculation of an event: what each holder gets of it, and what is frozen with that.

use super::{
    books::{Books, Event, Refusal, Share},
    components::Column,
    participation::{Excluded, Policy},
    proceeds::{Deducted, Whole},
    tax::Taxes,
    units::{MOST, ONE, Units},
};

/// What a calculation froze next to the shares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Frozen {
    pub(super) total: Units,
    /// All tokens outstanding.
    pub(super) tokens: Units,
    /// Those of them that the amount is divided over.
    pub(super) counted: Units,
    pub(super) nav: Option<Units>,
    /// Who has tokens and no share for them.
    pub(super) excluded: Vec<Excluded>,
    /// What the fund keeps of their parts.
    pub(super) retained: Units,
    /// What was taken from the proceeds.
    pub(super) deducted: Vec<Deducted>,
    /// What the money is.
    pub(super) columns: Vec<Column>,
    pub(super) tax: Option<Taxes>,
}

/// The holders with tokens on a record date, in order of the bytes of their codes.
type Holdings = Vec<(usize, Units)>;

impl Books {
    /// Calculates an event over the register as it is now.
    pub(super) fn calculation(&self, event: usize) -> Result<(Vec<Share>, Frozen), Refusal> {
        let held = self.held(event);
        let tokens: Units = held.iter().map(|(_, tokens)| tokens).sum();
        if tokens == 0 {
            return Err(Refusal::Rule("event.no_tokens"));
        }
        if tokens > MOST {
            return Err(Refusal::Rule("token.too_many"));
        }
        let excluded = self.exclusions(event, &held)?;
        let is_left_out = |holder: usize| {
            let mut others = excluded.iter();
            others.any(|(other, policy)| *other == holder && *policy == Policy::Redistribute)
        };
        let (left_out, counted): (Holdings, Holdings) = held
            .into_iter()
            .partition(|(holder, _)| is_left_out(*holder));
        if counted.is_empty() {
            return Err(Refusal::Rule("event.no_participants"));
        }
        let own: Vec<Units> = counted.iter().map(|(_, tokens)| *tokens).collect();
        let Whole {
            total,
            deducted,
            parts,
            columns,
        } = self.whole(event, &own)?;
        let mut frozen = Frozen {
            total,
            tokens,
            counted: own.iter().sum(),
            nav: self.nav(event),
            deducted,
            ..Frozen::default()
        };
        let holders: Vec<usize> = counted.iter().map(|(holder, _)| *holder).collect();
        let percentages = largest_remainder(100 * ONE, &own);
        let shares = counted.into_iter().zip(parts).zip(percentages);
        let shares = shares.map(|(((holder, tokens), allocated), percentage)| Share {
            tokens,
            percentage,
            allocated,
            ..Share::of(holder)
        });
        let mut shares: Vec<Share> = shares.collect();
        for (holder, tokens) in left_out {
            frozen.excluded.push(Excluded {
                holder,
                policy: Policy::Redistribute,
                tokens,
                percentage: 0,
                part: 0,
            });
        }
        self.move_parts(&mut shares, &excluded, &mut frozen)?;
        frozen.columns = if columns.is_empty() {
            self.columns(event, &shares, &frozen)?
        } else {
            let components = &self.events[event].components;
            Self::columns_of_rate(components, &columns, &holders, (&shares, &excluded))
        };
        frozen.tax = self.withhold(event, &mut shares, &frozen.columns)?;
        Ok((shares, frozen))
    }

    /// Lists the holders with tokens on an event's record date.
    fn held(&self, event: usize) -> Holdings {
        let Event {
            project,
            record_date,
            ..
        } = self.events[event];
        let mut holders: Vec<usize> = (0..self.holders.len()).collect();
        holders.sort_by_key(|holder| self.holders[*holder].code.as_bytes());
        let held = holders
            .into_iter()
            .map(|holder| (holder, self.holding(project, holder, record_date)));
        held.filter(|(_, tokens)| *tokens > 0).collect()
    }

    /// Takes the parts of excluded holders out of the shares: the fund or another holder gets them.
    fn move_parts(
        &self,
        shares: &mut Vec<Share>,
        excluded: &[(usize, Policy)],
        frozen: &mut Frozen,
    ) -> Result<(), Refusal> {
        let policy = |holder: usize| {
            let found = excluded.iter().find(|(other, _)| *other == holder);
            found.map(|(_, policy)| *policy)
        };
        let mut assigned: Vec<(usize, Units)> = Vec::new();
        for share in std::mem::take(shares) {
            let Some(policy) = policy(share.holder) else {
                shares.push(share);
                continue;
            };
            match policy {
                Policy::Assign(to) => assigned.push((to, share.allocated)),
                Policy::Redistribute | Policy::Retain => frozen.retained += share.allocated,
            }
            frozen.excluded.push(Excluded {
                holder: share.holder,
                policy,
                tokens: share.tokens,
                percentage: share.percentage,
                part: share.allocated,
            });
        }
        for (to, part) in assigned.into_iter().filter(|(_, part)| *part > 0) {
            let at = shares.iter().position(|share| share.holder == to);
            let at = at.unwrap_or_else(|| {
                shares.push(Share::of(to));
                shares.len() - 1
            });
            shares[at].allocated += part;
            shares[at].assigned += part;
        }
        let code = |holder: usize| self.holders[holder].code.as_bytes();
        shares.sort_by_key(|share| code(share.holder));
        frozen.excluded.sort_by_key(|one| code(one.holder));
        if shares.is_empty() {
            return Err(Refusal::Rule("event.nothing_allocated"));
        }
        Ok(())
    }

    /// Checks whether a calculation would come out otherwise by now.
    pub(super) fn is_stale(&self, event: usize) -> bool {
        let Event { shares, frozen, .. } = &self.events[event];
        let now = self.calculation(event);
        !now.is_ok_and(|now| (&now.0, &now.1) == (shares, frozen))
    }

    /// Takes an event back to draft, after what it is calculated from was changed.
    pub(super) fn back_to_draft(&mut self, event: usize) {
        let deducted = self.deducted(event);
        let event = &mut self.events[event];
        event.status = "draft";
        event.calculated_by = None;
        event.shares.clear();
        event.frozen = Frozen::default();
        // The list was checked when it was changed.
        event.deducted = deducted.unwrap();
    }
}

/// Divides `units` by `tokens`: whole parts first, then one each for the largest remainders, of
/// equal ones to the first.
pub(super) fn largest_remainder(units: Units, tokens: &[Units]) -> Vec<Units> {
    let all: Units = tokens.iter().sum();
    let (mut parts, mut remainders) = (Vec::new(), Vec::new());
    for (at, own) in tokens.iter().enumerate() {
        let (part, remainder) = divided_product(units, *own, all);
        parts.push(part);
        remainders.push((-remainder, at));
    }
    remainders.sort_unstable();
    let left = usize::try_from(units - parts.iter().sum::<Units>()).unwrap();
    for (_, at) in &remainders[..left] {
        parts[*at] += 1;
    }
    parts
}

/// Divides `a x b` by `c`, where `b <= c`: bit by bit, since the product does not fit into 128
/// bits.
fn divided_product(a: Units, b: Units, c: Units) -> (Units, Units) {
    let (mut quotient, mut remainder) = (0, 0);
    for bit in (0..70).rev() {
        quotient *= 2;
        remainder = remainder * 2 + b * ((a >> bit) & 1);
        while remainder >= c {
            remainder -= c;
            quotient += 1;
        }
    }
    (quotient, remainder)
}

#[test]
fn the_model_allocates_what_can_be_reckoned_by_hand() {
    assert_eq!(largest_remainder(10_000, &[1, 1, 1]), [3_334, 3_333, 3_333]);
    assert_eq!(largest_remainder(100, &[47, 16, 37]), [47, 16, 37]);
    assert_eq!(largest_remainder(7, &[5, 3, 1]), [4, 2, 1]);
    assert_eq!(largest_remainder(2, &[1, 1, 1]), [1, 1, 0]);
    assert_eq!(largest_remainder(MOST, &[MOST - 1, 1]), [MOST - 1, 1]);
}
