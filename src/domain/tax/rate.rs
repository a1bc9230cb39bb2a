//! Which rate counts for a holder and a component, and to whom the tax is owed.

pub use super::FrozenRate;
use super::{
    TaxReason, TaxStatus,
    certificate::Certificate,
    profile::{Authority, RateRule, TaxCase, TaxProfile},
};
use crate::domain::{component::Component, event_type::EventType, time::Date};

/// What a rate is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Taxed<'a> {
    /// The type of the event.
    pub event_type: EventType,
    /// The component.
    pub component: &'a Component,
    /// The distribution date: income arises on the day on which payment becomes due.
    pub distribution_date: Date,
}

/// An authority of a holder's tax, or what is missing to find one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Owed {
    /// The tax is owed to this authority by this day of the following month.
    To {
        /// The authority's code.
        authority: String,
        /// The day of the following month.
        remit_day: u32,
    },
    /// No authority is found before these fields of the holder are filled; none if the profile has no
    /// authority for such a holder.
    Nobody(Vec<&'static str>),
}

impl TaxProfile {
    /// Finds the rate for a holder without the exemption of a whole event: a certificate that counts on
    /// the distribution date, or the rule that names the most. `None` if no rule fits; a certificate
    /// does not help then.
    ///
    /// A certificate for the component goes before one for all; the two never count at once, since
    /// their periods may not overlap.
    pub fn rate_for(
        &self,
        holder: &TaxStatus,
        certificates: &[Certificate],
        taxed: Taxed<'_>,
    ) -> Option<FrozenRate> {
        let rule = self.rule_for(holder, taxed)?;
        let day = taxed.distribution_date;
        let certificate = certificates
            .iter()
            .find(|certificate| certificate.counts_for(taxed.component, day));
        Some(match certificate {
            Some(certificate) => FrozenRate {
                rate: certificate.terms.kind.rate().min(rule.rate),
                reason: TaxReason::Certificate(certificate.number),
            },
            None => FrozenRate {
                rate: rule.rate,
                reason: if rule.exempts_component() {
                    TaxReason::ComponentExempt
                } else {
                    TaxReason::Rule
                },
            },
        })
    }

    fn rule_for(&self, holder: &TaxStatus, taxed: Taxed<'_>) -> Option<&RateRule> {
        let case = TaxCase {
            event_type: taxed.event_type,
            component: Some(taxed.component),
            residence: self.residence_of(holder),
            kind: holder.kind,
        };
        // No two that fit name the most: the profile would have been refused.
        self.rules
            .iter()
            .filter(|rule| rule.fits(case))
            .max_by_key(|rule| rule.names())
    }

    /// Finds to whom a holder's tax is owed: the first authority that fits.
    pub fn owed_by(&self, holder: &TaxStatus) -> Owed {
        let residence = self.residence_of(holder);
        let fits = |authority: &&Authority| {
            authority.kind.fits(holder.kind.as_ref())
                && authority.residence.fits(residence.as_ref())
        };
        let Some(authority) = self.authorities.iter().find(fits) else {
            let unknown = [
                ("kind", holder.kind.is_none()),
                ("tax_residence", holder.residence.is_none()),
            ];
            let missing = unknown.into_iter().filter(|(_, missing)| *missing);
            return Owed::Nobody(missing.map(|(field, _)| field).collect());
        };
        match authority.code_for(holder) {
            Some(code) => Owed::To {
                authority: code,
                remit_day: authority.remit_day,
            },
            None => Owed::Nobody(vec!["tax_state"]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        event::tests::day,
        quantity::Percent,
        tax::{
            CountryCode, HolderKind, TaxRate, TaxState,
            certificate::{CertificateKind, tests::certificate},
        },
    };

    fn holder(kind: Option<HolderKind>, residence: Option<&str>, state: Option<&str>) -> TaxStatus {
        TaxStatus {
            kind,
            residence: residence.map(|country| CountryCode::parse(country).unwrap()),
            state: state.map(|state| TaxState::parse(state).unwrap()),
            has_number: true,
        }
    }

    fn rate(text: &str) -> TaxRate {
        TaxRate::new(Percent::parse(text).unwrap()).unwrap()
    }

    fn on(component: &Component) -> Taxed<'_> {
        Taxed {
            event_type: EventType::Dividend,
            component,
            distribution_date: day("2026-06-30"),
        }
    }

    #[test]
    fn nigeria_takes_ten_per_cent_of_income_from_everybody() {
        let profile = TaxProfile::builtin("ng-2026").unwrap();
        for holder in [
            holder(None, None, None),
            holder(Some(HolderKind::Individual), Some("NG"), Some("LA")),
            holder(Some(HolderKind::Company), Some("GB"), None),
        ] {
            let found = |component: &Component| profile.rate_for(&holder, &[], on(component));
            let rule = FrozenRate {
                rate: rate("10"),
                reason: TaxReason::Rule,
            };
            let exempt = FrozenRate {
                rate: TaxRate::ZERO,
                reason: TaxReason::ComponentExempt,
            };
            assert_eq!(found(&Component::Income), Some(rule));
            assert_eq!(found(&Component::CapitalGain), Some(exempt));
            assert_eq!(found(&Component::ReturnOfCapital), Some(exempt));
            assert_eq!(found(&Component::Interest), None);
        }
    }

    #[test]
    fn the_authority_follows_from_kind_residence_and_state() {
        let profile = TaxProfile::builtin("ng-2026").unwrap();
        let owed = |kind, residence, state| match profile.owed_by(&holder(kind, residence, state)) {
            Owed::To {
                authority,
                remit_day,
            } => format!("{authority} {remit_day}"),
            Owed::Nobody(missing) => format!("{missing:?}"),
        };
        let individual = Some(HolderKind::Individual);
        assert_eq!(owed(Some(HolderKind::Company), Some("NG"), None), "NRS 21");
        assert_eq!(owed(Some(HolderKind::Fund), None, None), "NRS 21");
        assert_eq!(owed(individual, Some("GB"), None), "NRS 21");
        assert_eq!(owed(None, Some("GB"), None), "NRS 21");
        assert_eq!(owed(individual, Some("NG"), Some("la")), "SIRS-LA 30");
        assert_eq!(owed(individual, Some("NG"), None), "[\"tax_state\"]");
        assert_eq!(owed(individual, None, None), "[\"tax_residence\"]");
        assert_eq!(owed(None, Some("NG"), Some("LA")), "[\"kind\"]");
        assert_eq!(owed(None, None, None), "[\"kind\", \"tax_residence\"]");
    }

    #[test]
    fn the_rule_that_names_the_most_counts_and_the_unknown_fits_only_any() {
        let profile = TaxProfile::parse(
            "name = \"x\"\ncountry = \"NG\"\nvalid_from = \"2026-01-01\"\n\
             [[rule]]\nrate = \"10\"\n\
             [[rule]]\nresidence = \"non-resident\"\nrate = \"15\"\n\
             [[rule]]\nresidence = \"non-resident\"\nkind = \"fund\"\nrate = \"5\"\n\
             [[rule]]\ntype = \"dividend\"\ncomponent = \"income\"\nresidence = \"non-resident\"\nkind = [\"fund\"]\nrate = \"0\"\n",
        )
        .unwrap();
        let found = |kind, residence, component: &Component| {
            let found = profile.rate_for(&holder(kind, residence, None), &[], on(component));
            found.unwrap().rate.percent().plain(0)
        };
        let fund = Some(HolderKind::Fund);
        assert_eq!(found(fund, Some("NG"), &Component::Income), "10");
        assert_eq!(found(None, Some("GB"), &Component::Income), "15");
        assert_eq!(found(fund, None, &Component::Income), "10");
        assert_eq!(found(fund, Some("GB"), &Component::Interest), "5");
        assert_eq!(found(fund, Some("GB"), &Component::Income), "0");
    }

    #[test]
    fn a_certificate_goes_before_the_rule_and_never_raises_the_rate() {
        let profile = TaxProfile::builtin("ng-2026").unwrap();
        let found = |kind: CertificateKind, component: Option<Component>| {
            let certificates = [certificate(3, kind, component, "2026-06-30", "2026-06-30")];
            let holder = holder(None, None, None);
            let found = profile.rate_for(&holder, &certificates, on(&Component::Income));
            found.map(|found| (found.rate, found.reason.to_string()))
        };
        let by_certificate = |text| Some((rate(text), "certificate X-000003".to_owned()));
        assert_eq!(found(CertificateKind::Exemption, None), by_certificate("0"));
        assert_eq!(
            found(
                CertificateKind::Treaty(rate("7.5")),
                Some(Component::Income)
            ),
            by_certificate("7.5")
        );
        assert_eq!(
            found(CertificateKind::Treaty(rate("15")), None),
            by_certificate("10")
        );
        assert_eq!(
            found(CertificateKind::Reduced(rate("5")), None),
            by_certificate("5")
        );
        assert_eq!(
            found(CertificateKind::Exemption, Some(Component::Interest)),
            Some((rate("10"), "rule".to_owned()))
        );
        // Without a rule a certificate does not help.
        let certificates = [certificate(
            3,
            CertificateKind::Exemption,
            None,
            "2026-01-01",
            "2026-12-31",
        )];
        let none = profile.rate_for(
            &holder(None, None, None),
            &certificates,
            on(&Component::Interest),
        );
        assert_eq!(none, None);
    }

    #[test]
    fn a_certificate_counts_on_its_first_and_last_day() {
        let profile = TaxProfile::builtin("ng-2026").unwrap();
        for (from, until, counts) in [
            ("2026-01-01", "2026-06-30", true),
            ("2026-01-01", "2026-06-29", false),
            ("2026-06-30", "2026-12-31", true),
            ("2026-07-01", "2026-12-31", false),
        ] {
            let certificates = [certificate(
                1,
                CertificateKind::Exemption,
                None,
                from,
                until,
            )];
            let found = profile.rate_for(
                &holder(None, None, None),
                &certificates,
                on(&Component::Income),
            );
            assert_eq!(found.unwrap().rate.is_zero(), counts, "{from} to {until}");
        }
    }
}
