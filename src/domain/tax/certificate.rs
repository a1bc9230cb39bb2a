//! Certificates: what lowers a holder's rate, agreed to by a second person, for a time.

use serde::{Deserialize, Serialize};

use super::{CountryCode, TaxRate, TaxRefused, calendar::subtract_months};
use crate::domain::{
    Refused,
    code::{CertificateNumber, ProposalNumber},
    component::Component,
    decision::Approval,
    id::{HolderId, HolderRef, UserRef},
    time::{Date, Instant},
    user::{Act, Actor},
};

pub use super::status::{CertificateStatus, CertificateWord};

/// What a certificate says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CertificateKind {
    /// Nothing is withheld.
    Exemption,
    /// A treaty's rate is withheld.
    Treaty(TaxRate),
    /// Another reduced rate is withheld.
    Reduced(TaxRate),
}

/// What a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateTerms {
    /// What it says.
    pub kind: CertificateKind,
    /// The component that it is for; all of them if none is named.
    pub component: Option<Component>,
    /// The country of the treaty, or the authority's.
    pub country: Option<CountryCode>,
    /// The certificate's own number.
    pub reference: String,
    /// The first distribution date that it is for.
    pub from: Date,
    /// The last.
    pub until: Date,
}

/// A certificate that a user records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCertificate {
    /// Its number.
    pub number: CertificateNumber,
    /// The holder.
    pub holder: HolderId,
    /// What it is for.
    pub terms: CertificateTerms,
}

/// A certificate of a holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The number, shown as `X-000001`.
    pub number: CertificateNumber,
    /// The proposal by which it came.
    pub proposal: ProposalNumber,
    /// The holder.
    pub holder: HolderRef,
    /// What it is for.
    pub terms: CertificateTerms,
    /// Who recorded it.
    pub proposed_by: UserRef,
    /// When.
    pub proposed_at: Instant,
    /// What became of it.
    pub state: CertificateState,
}

/// What became of a certificate, with its facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateState {
    /// It waits.
    Proposed,
    /// It counts on its days.
    Approved(Approval),
    /// It never counts, and why.
    Rejected(Approval, String),
    /// It counted until a day that was set later.
    Ended(Approval, CertificateEnd),
}

/// The end of a certificate before its last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateEnd {
    /// The last day on which it counts.
    pub on: Date,
    /// Who ended it.
    pub by: UserRef,
    /// When.
    pub at: Instant,
    /// Why, if that was said.
    pub reason: Option<String>,
}

impl CertificateKind {
    /// Joins a word and a rate. An exemption takes no rate, or 0; the others need one.
    ///
    /// # Errors
    /// [`TaxRefused::RateRange`].
    pub fn new(word: CertificateWord, rate: Option<TaxRate>) -> Result<Self, Refused> {
        match (word, rate) {
            (CertificateWord::Exemption, None) => Ok(Self::Exemption),
            (CertificateWord::Exemption, Some(rate)) if rate.is_zero() => Ok(Self::Exemption),
            (CertificateWord::Treaty, Some(rate)) => Ok(Self::Treaty(rate)),
            (CertificateWord::Reduced, Some(rate)) => Ok(Self::Reduced(rate)),
            (CertificateWord::Exemption, Some(_))
            | (CertificateWord::Treaty | CertificateWord::Reduced, None) => {
                Err(TaxRefused::RateRange { kind: word }.into())
            }
        }
    }

    /// Returns the rate.
    pub const fn rate(self) -> TaxRate {
        match self {
            Self::Exemption => TaxRate::ZERO,
            Self::Treaty(rate) | Self::Reduced(rate) => rate,
        }
    }

    /// Returns the word.
    pub const fn word(self) -> CertificateWord {
        match self {
            Self::Exemption => CertificateWord::Exemption,
            Self::Treaty(_) => CertificateWord::Treaty,
            Self::Reduced(_) => CertificateWord::Reduced,
        }
    }
}

impl CertificateTerms {
    /// Says for a reviewer what the certificate does.
    pub fn detail(&self) -> String {
        let component = self.component.as_ref();
        let of = component.map_or_else(|| "all components".to_owned(), ToString::to_string);
        let country = self.country.as_ref();
        let country = country.map_or_else(String::new, |country| format!(" ({country})"));
        format!(
            "{}{country}: at most {} % of {of}, {} to {}, reference {}",
            self.kind.word(),
            self.kind.rate().percent().plain(0),
            self.from,
            self.until,
            self.reference
        )
    }
}

impl CertificateState {
    /// Returns the name of the state.
    pub const fn status(&self) -> CertificateStatus {
        match self {
            Self::Proposed => CertificateStatus::Proposed,
            Self::Approved(_) => CertificateStatus::Approved,
            Self::Rejected(..) => CertificateStatus::Rejected,
            Self::Ended(..) => CertificateStatus::Ended,
        }
    }

    /// Returns its approval, if there is one.
    pub const fn approval(&self) -> Option<&Approval> {
        match self {
            Self::Approved(approval) | Self::Ended(approval, _) => Some(approval),
            Self::Proposed | Self::Rejected(..) => None,
        }
    }

    /// Returns its end before its last day.
    pub const fn end(&self) -> Option<&CertificateEnd> {
        match self {
            Self::Ended(_, end) => Some(end),
            Self::Proposed | Self::Approved(_) | Self::Rejected(..) => None,
        }
    }
}

impl Certificate {
    /// Returns the last day on which it counts.
    pub fn last_day(&self) -> Date {
        let end = self.state.end().map(|end| end.on);
        end.map_or(self.terms.until, |on| on.min(self.terms.until))
    }

    /// Returns whether it counts for a component on a day.
    pub fn counts_for(&self, component: &Component, day: Date) -> bool {
        self.is_for(component) && self.terms.from <= day && day <= self.last_day()
    }

    /// Returns whether it would have counted for a component on a day, had it not ended in the twelve
    /// months before.
    pub fn expired_before(&self, component: &Component, day: Date) -> bool {
        let last = self.last_day();
        let recently = subtract_months(day, 12).is_some_and(|earliest| earliest <= last);
        self.is_for(component) && last < day && recently && self.terms.from <= last
    }

    fn is_for(&self, component: &Component) -> bool {
        let own = self.terms.component.as_ref();
        self.state.approval().is_some() && own.is_none_or(|own| own == component)
    }

    /// Returns whether a certificate on these terms would count on a day and for a component on which
    /// this one does, or will if it is approved.
    pub fn overlaps(&self, terms: &CertificateTerms) -> bool {
        let lives = match self.state {
            CertificateState::Proposed
            | CertificateState::Approved(_)
            | CertificateState::Ended(..) => true,
            CertificateState::Rejected(..) => false,
        };
        let (own, other) = (self.terms.component.as_ref(), terms.component.as_ref());
        let one_component = own.zip(other).is_none_or(|(own, other)| own == other);
        lives && one_component && self.terms.from <= terms.until && terms.from <= self.last_day()
    }

    /// Returns the certificate as it was at an instant, or `None` if it was not recorded yet.
    pub fn as_of(mut self, at: Instant) -> Option<Self> {
        if self.proposed_at > at {
            return None;
        }
        if let CertificateState::Ended(approval, end) = &self.state
            && end.at > at
        {
            self.state = CertificateState::Approved(approval.clone());
        }
        let decided = match &self.state {
            CertificateState::Proposed => None,
            CertificateState::Approved(decision)
            | CertificateState::Rejected(decision, _)
            | CertificateState::Ended(decision, _) => Some(decision.at),
        };
        if decided.is_some_and(|decided| decided > at) {
            self.state = CertificateState::Proposed;
        }
        Some(self)
    }

    /// Decides whether a certificate may be ended on a day, the last one on which it counts.
    ///
    /// # Errors
    /// [`Refused::Forbidden`], [`TaxRefused::CertificateState`], [`TaxRefused::CertificateEnd`].
    pub fn end(&self, actor: &Actor, on: Date, today: Date) -> Result<(), Refused> {
        actor.must(Act::Record)?;
        match self.state {
            CertificateState::Approved(_) => {}
            CertificateState::Proposed
            | CertificateState::Rejected(..)
            | CertificateState::Ended(..) => {
                return Err(TaxRefused::CertificateState {
                    certificate: self.number,
                    status: self.state.status(),
                    verb: "ended",
                }
                .into());
            }
        }
        if on < today || on > self.terms.until {
            return Err(TaxRefused::CertificateEnd {
                certificate: self.number,
                on,
                today,
                until: self.terms.until,
            }
            .into());
        }
        Ok(())
    }
}

/// Decides whether a certificate may be recorded; its holder's other certificates are `known`.
///
/// # Errors
/// [`Refused::Forbidden`], [`TaxRefused::CertificateDates`], [`TaxRefused::CertificateOverlap`].
pub fn propose(
    terms: &CertificateTerms,
    known: &[Certificate],
    actor: &Actor,
) -> Result<(), Refused> {
    actor.must(Act::Record)?;
    if terms.until < terms.from {
        return Err(TaxRefused::CertificateDates {
            from: terms.from,
            until: terms.until,
        }
        .into());
    }
    must_not_overlap(terms, known.iter())
}

/// Refuses terms that overlap with a certificate of the same holder.
///
/// # Errors
/// [`TaxRefused::CertificateOverlap`].
pub fn must_not_overlap<'a>(
    terms: &CertificateTerms,
    mut known: impl Iterator<Item = &'a Certificate>,
) -> Result<(), Refused> {
    match known.find(|certificate| certificate.overlaps(terms)) {
        Some(other) => Err(TaxRefused::CertificateOverlap {
            holder: other.holder.code.clone(),
            certificate: other.number,
            status: other.state.status(),
            from: other.terms.from,
            until: other.last_day(),
        }
        .into()),
        None => Ok(()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::{
        event::tests::{actor, day, named, now},
        quantity::Percent,
        user::Role,
    };

    pub(crate) fn certificate(
        number: i64,
        kind: CertificateKind,
        component: Option<Component>,
        from: &str,
        until: &str,
    ) -> Certificate {
        Certificate {
            number: CertificateNumber::new(number),
            proposal: ProposalNumber::new(number),
            holder: named("ada"),
            terms: terms(kind, component, from, until),
            proposed_by: named("bola"),
            proposed_at: now(),
            state: CertificateState::Approved(approval()),
        }
    }

    fn approval() -> Approval {
        Approval {
            by: named("chi"),
            at: now(),
        }
    }

    fn terms(
        kind: CertificateKind,
        component: Option<Component>,
        from: &str,
        until: &str,
    ) -> CertificateTerms {
        CertificateTerms {
            kind,
            component,
            country: None,
            reference: "FIRS/1".to_owned(),
            from: day(from),
            until: day(until),
        }
    }

    fn rate(text: &str) -> TaxRate {
        TaxRate::new(Percent::parse(text).unwrap()).unwrap()
    }

    fn end(on: &str) -> CertificateEnd {
        CertificateEnd {
            on: day(on),
            by: named("bola"),
            at: Instant::parse("2026-08-01T09:00:00.000000Z").unwrap(),
            reason: None,
        }
    }

    #[test]
    fn an_exemption_takes_no_rate_and_the_others_need_one() {
        let new = |word, text: Option<&str>| {
            CertificateKind::new(word, text.map(rate)).map_err(|refused| refused.code())
        };
        assert_eq!(
            new(CertificateWord::Exemption, None),
            Ok(CertificateKind::Exemption)
        );
        assert_eq!(
            new(CertificateWord::Exemption, Some("0")),
            Ok(CertificateKind::Exemption)
        );
        assert_eq!(
            new(CertificateWord::Exemption, Some("5")),
            Err("tax.rate_range")
        );
        assert_eq!(new(CertificateWord::Treaty, None), Err("tax.rate_range"));
        assert_eq!(
            new(CertificateWord::Treaty, Some("7.5")),
            Ok(CertificateKind::Treaty(rate("7.5")))
        );
    }

    #[test]
    fn periods_of_one_holder_and_component_do_not_overlap() {
        let income = || Some(Component::Income);
        let known = [
            certificate(
                1,
                CertificateKind::Exemption,
                income(),
                "2026-01-01",
                "2026-06-30",
            ),
            Certificate {
                state: CertificateState::Rejected(approval(), "no".to_owned()),
                ..certificate(
                    2,
                    CertificateKind::Exemption,
                    None,
                    "2020-01-01",
                    "2030-12-31",
                )
            },
        ];
        let ada = actor("ada", Role::Admin);
        let propose = |component, from, until| {
            let terms = terms(CertificateKind::Exemption, component, from, until);
            super::propose(&terms, &known, &ada).map_err(|refused| refused.code())
        };
        let overlap = Err("tax.certificate_overlap");
        assert_eq!(propose(income(), "2026-06-30", "2026-12-31"), overlap);
        assert_eq!(propose(income(), "2026-07-01", "2026-12-31"), Ok(()));
        assert_eq!(propose(income(), "2025-01-01", "2026-01-01"), overlap);
        assert_eq!(propose(income(), "2025-01-01", "2025-12-31"), Ok(()));
        assert_eq!(
            propose(Some(Component::Interest), "2026-01-01", "2026-12-31"),
            Ok(())
        );
        // One without a component counts for all.
        assert_eq!(propose(None, "2026-06-30", "2026-12-31"), overlap);
        assert_eq!(
            propose(income(), "2026-12-31", "2026-07-01"),
            Err("tax.certificate_dates")
        );
        let operator = actor("eve", Role::Auditor);
        let terms = terms(CertificateKind::Exemption, None, "2030-01-01", "2030-01-01");
        let refused = super::propose(&terms, &known, &operator).unwrap_err();
        assert_eq!(refused.code(), "user.forbidden");
        // What ended early leaves its other days free.
        let mut ended = known[0].clone();
        ended.state = CertificateState::Ended(approval(), end("2026-03-31"));
        let next =
            super::tests::terms(CertificateKind::Exemption, None, "2026-04-01", "2026-12-31");
        assert!(!ended.overlaps(&next));
    }

    #[test]
    fn an_end_never_reaches_back_before_today() {
        let certificate = certificate(
            1,
            CertificateKind::Exemption,
            None,
            "2026-01-01",
            "2026-12-31",
        );
        let ada = actor("ada", Role::Operator);
        let end_on = |on: &str| {
            let ended = certificate.end(&ada, day(on), day("2026-08-01"));
            ended.map_err(|refused| refused.code())
        };
        assert_eq!(end_on("2026-08-01"), Ok(()));
        assert_eq!(end_on("2026-12-31"), Ok(()));
        assert_eq!(end_on("2026-07-31"), Err("tax.certificate_dates"));
        assert_eq!(end_on("2027-01-01"), Err("tax.certificate_dates"));
        for state in [
            CertificateState::Proposed,
            CertificateState::Rejected(approval(), "no".to_owned()),
            CertificateState::Ended(approval(), end("2026-09-30")),
        ] {
            let other = Certificate {
                state,
                ..certificate.clone()
            };
            let refused = other
                .end(&ada, day("2026-08-01"), day("2026-08-01"))
                .unwrap_err();
            assert_eq!(refused.code(), "tax.certificate_state");
        }
    }

    #[test]
    fn what_ended_in_the_last_twelve_months_is_found() {
        let expired = |until: &str, on: &str| {
            let certificate = certificate(1, CertificateKind::Exemption, None, "2020-01-01", until);
            certificate.expired_before(&Component::Income, day(on))
        };
        assert!(expired("2026-06-29", "2026-06-30"));
        assert!(expired("2025-06-30", "2026-06-30"));
        assert!(!expired("2025-06-29", "2026-06-30"));
        assert!(!expired("2026-06-30", "2026-06-30"));
        let mut proposed = certificate(
            1,
            CertificateKind::Exemption,
            None,
            "2020-01-01",
            "2026-06-29",
        );
        proposed.state = CertificateState::Proposed;
        assert!(!proposed.expired_before(&Component::Income, day("2026-06-30")));
    }

    #[test]
    fn a_past_day_shows_a_certificate_as_it_was() {
        let early = Instant::parse("2020-01-01T00:00:00.000000Z").unwrap();
        let mut ended = certificate(
            1,
            CertificateKind::Exemption,
            None,
            "2026-01-01",
            "2026-12-31",
        );
        assert_eq!(ended.clone().as_of(early), None);
        ended.state = CertificateState::Ended(approval(), end("2026-09-30"));
        let then = ended.clone().as_of(now()).unwrap();
        assert_eq!(then.state.status(), CertificateStatus::Approved);
        assert_eq!(then.last_day(), day("2026-12-31"));
        assert_eq!(ended.last_day(), day("2026-09-30"));
        ended.proposed_at = early;
        let then = ended.as_of(early).unwrap();
        assert_eq!(then.state, CertificateState::Proposed);
    }
}
