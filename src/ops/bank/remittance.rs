//! What a person decides about a line and a remittance of tax: gathers what the rules need.

use super::gather::{details, moment};
use crate::{
    domain::{
        activity::Concern,
        bank::BankLine,
        code::RemittanceNumber,
        reconciliation::decision::{
            self, Decision, MatchDetails, RemittanceCandidate, RemittanceHand,
        },
        tax::{NotItsLine, TaxRefused, liability::Remittance},
    },
    ops::Error,
    store::{self, AsOf, Noun, WriteTx},
};

/// Confirms the remittance that is proposed for a line, with a reason: the number of the authority's
/// receipt.
pub(super) fn confirm(
    write: &mut WriteTx<'_>,
    line: &BankLine,
    (held, remittance): (&MatchDetails, &Remittance),
    reason: Option<&str>,
) -> Result<Decision, Error> {
    let (actor, reviewers) = (&write.actor, &write.reviewers);
    let hand = RemittanceHand::Confirm;
    let second = decision::may_match_remittance(remittance, hand, actor, reviewers)?;
    let moment = moment(write, std::iter::empty())?;
    let decision = decision::confirm(line, Some(held), moment)?;
    about(write, remittance.number)?;
    Ok(Decision {
        second,
        reason: reason.map(str::to_owned),
        ..decision
    })
}

/// Matches a line with a remittance.
pub(super) fn match_line(
    write: &mut WriteTx<'_>,
    (line, held_by): (&BankLine, Option<&MatchDetails>),
    (remittance, named): (i64, usize),
) -> Result<Decision, Error> {
    let remittance = write.remittance(remittance, AsOf::Now)?;
    let remittance = remittance.ok_or_else(|| store::Error::bug("a remittance is missing"))?;
    let (actor, reviewers) = (&write.actor, &write.reviewers);
    let hand = RemittanceHand::Match;
    let second = decision::may_match_remittance(&remittance, hand, actor, reviewers)?;
    if named > 1 {
        let refused = TaxRefused::RemittanceLine {
            remittance: remittance.number,
            line: line.number,
            why: NotItsLine::Group,
        };
        return Err(Error::Refused(refused.into()));
    }
    let account = write.bank_account_by_id(line.account.id)?;
    let held = write.match_of_remittance(remittance.number)?;
    let held = held.map(|recorded| details(write, recorded)).transpose()?;
    let (projects, _) = write.paid_for(remittance.number)?;
    about(write, remittance.number)?;
    let candidate = RemittanceCandidate {
        projects,
        held_by: held,
        remittance,
    };
    let moment = moment(write, std::iter::empty())?;
    let decision = decision::match_remittance(&account, line, held_by, &candidate, &moment)?;
    Ok(Decision { second, ..decision })
}

/// Finds the first remittance among what a user names.
pub(super) fn named(write: &mut WriteTx<'_>, given: &[String]) -> Result<Option<i64>, Error> {
    for given in given {
        if RemittanceNumber::parse(given).is_some() {
            return Ok(Some(write.resolve(Noun::Remittance, given)?));
        }
        // A bare number is that of a payment.
        let is_number = given.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number && write.find(Noun::Payment, given)?.is_none() {
            let found = write.find(Noun::Remittance, given)?;
            if found.is_some() {
                return Ok(found);
            }
        }
    }
    Ok(None)
}

/// Says in the trail that the entry is about the project of a remittance, if it is of one alone.
fn about(write: &mut WriteTx<'_>, remittance: RemittanceNumber) -> Result<(), Error> {
    let (projects, _) = write.paid_for(remittance)?;
    if let [project] = projects.as_slice() {
        write.concern = Concern {
            project: Some(project.id),
            ..Concern::default()
        };
    }
    Ok(())
}
