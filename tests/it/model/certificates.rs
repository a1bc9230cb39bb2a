//! The model's rules of certificates that lower a holder's tax.

use chrono::{Days, NaiveDate};

use super::{
    act::Act,
    books::{Books, Refusal},
    picks::Picks,
    proposals::Content,
    units::{ONE, Units, canonical, plain},
};

/// A certificate to be recorded.
#[derive(Clone, Debug)]
pub(super) struct NewCertificate {
    holder: String,
    kind: &'static str,
    rate: Units,
    component: Option<&'static str>,
    from: NaiveDate,
    until: NaiveDate,
}

/// A certificate; it counts once its proposal is approved.
#[derive(Clone)]
pub(super) struct Certificate {
    pub(super) proposal: usize,
    holder: usize,
    kind: &'static str,
    rate: Units,
    component: Option<&'static str>,
    from: NaiveDate,
    until: NaiveDate,
}

impl NewCertificate {
    pub(super) fn arguments(&self) -> String {
        let Self {
            holder,
            kind,
            rate,
            component,
            from,
            until,
        } = self;
        let rate = if *kind == "exemption" {
            String::new()
        } else {
            format!(" --rate {}", plain(*rate))
        };
        let component = component.map(|component| format!(" --component {component}"));
        format!(
            "{holder} --kind {kind}{rate}{} --reference C1 --from {from} --until {until}",
            component.unwrap_or_default()
        )
    }
}

impl Books {
    pub(super) fn add_certificate(
        &mut self,
        actor: usize,
        new: &NewCertificate,
    ) -> Result<(), Refusal> {
        self.must(actor, "record")?;
        let holder = self.holder(&new.holder)?;
        if new.until < new.from {
            return Err(Refusal::Rule("tax.certificate_dates"));
        }
        let overlaps = |one: &Certificate| {
            let one_component = match (one.component, new.component) {
                (Some(own), Some(other)) => own == other,
                _ => true,
            };
            one.holder == holder
                && self.proposals[one.proposal].status != "rejected"
                && one_component
                && one.from.max(new.from) <= one.until.min(new.until)
        };
        if self.certificates.iter().any(overlaps) {
            return Err(Refusal::Rule("tax.certificate_overlap"));
        }
        let at = self.certificates.len();
        self.certificates.push(Certificate {
            proposal: self.proposals.len(),
            holder,
            kind: new.kind,
            rate: new.rate,
            component: new.component,
            from: new.from,
            until: new.until,
        });
        self.propose(actor, Content::Certificate(at));
        Ok(())
    }

    /// Finds the certificate that counts for a holder's component on a day, and its rate.
    pub(super) fn certificate_for(
        &self,
        holder: usize,
        component: &str,
        day: NaiveDate,
    ) -> Option<(usize, Units)> {
        let counts = |(_, one): &(usize, &Certificate)| {
            one.holder == holder
                && self.proposals[one.proposal].status == "approved"
                && one.component.is_none_or(|own| own == component)
                && one.from <= day
                && day <= one.until
        };
        let found = self.certificates.iter().enumerate().find(counts);
        found.map(|(at, one)| (at, one.rate))
    }
}

impl Picks<'_> {
    pub(super) fn certificate(&mut self) -> Act {
        let (kind, rate) = match self.dice.below(4) {
            0 | 1 => ("exemption", 0),
            2 => ("treaty", self.dice.units(20 * ONE)),
            _ => ("reduced", self.dice.units(30 * ONE)),
        };
        let from = self.day();
        let days = Days::new(self.dice.next() % 40);
        let until = if self.dice.percent(5) {
            from.pred_opt()
        } else {
            from.checked_add_days(days)
        };
        Act::CertificateAdd(NewCertificate {
            holder: self.holder(),
            kind,
            rate,
            component: self.one(&[None, None, Some("income"), Some("capital_gain")]),
            from,
            until: until.unwrap(),
        })
    }
}

pub(super) fn lines(books: &Books) -> Vec<String> {
    let line = |one: &Certificate| {
        format!(
            "{}|{}|{}|{}|{}|{}|{}",
            one.proposal + 1,
            books.holders[one.holder].code,
            one.kind,
            one.component.unwrap_or_default(),
            canonical(one.rate),
            one.from,
            one.until
        )
    };
    books.certificates.iter().map(line).collect()
}
