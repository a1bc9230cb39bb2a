//! The model's rules of withholding tax: which rate counts for a holder, what it takes, and to whom
//! that is owed.

use chrono::{Datelike as _, Months, NaiveDate};

use super::{
    books::{Books, Event, Refusal, Share},
    components::Column,
    proceeds::{percent_of, rounded},
    units::{ONE, Units, canonical},
};

/// What is known of a holder for tax, each or nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TaxData {
    pub(super) kind: Option<&'static str>,
    pub(super) residence: Option<&'static str>,
    pub(super) state: Option<&'static str>,
}

/// An authority, and the day of the following month by which it is paid.
pub(super) type Authority = (String, u32);

/// What is withheld from a share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Withheld {
    /// The rates of its components, each with the certificate that it follows from.
    rates: Vec<(Units, Option<usize>)>,
    /// To whom its tax is owed, if any rate is above zero.
    authority: Option<Authority>,
    /// The taxed part of it.
    base: Units,
    tax: Units,
}

/// What a calculated event withholds, share by share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taxes {
    pub(super) profile: &'static str,
    withheld: Vec<Withheld>,
}

/// What an approved event owes to an authority.
#[derive(Clone)]
pub(super) struct TaxItem {
    pub(super) event: usize,
    pub(super) authority: String,
    pub(super) period: String,
    tax_date: NaiveDate,
    due_date: NaiveDate,
    gross: Units,
    pub(super) tax: Units,
    pub(super) cancelled: bool,
}

/// The file of the other profile. Its rates, dates and authorities are those of [`rate`] and
/// [`authority`].
pub(super) const PROFILE_FILE: (&str, &str) = (
    "model.toml",
    r#"name = "model"
country = "NG"
valid_from = "2026-01-01"
valid_until = "2026-04-27"
rounding = "down"

[[rule]]
component = "income"
rate = "20.42"

[[rule]]
component = "income"
residence = "non-resident"
rate = "33.3333333"

[[rule]]
component = "income"
residence = "non-resident"
kind = "fund"
rate = "100"

[[rule]]
component = "capital_gain"
rate = "15"

[[rule]]
component = "return_of_capital"
rate = "0"

[[authority]]
code = "FED"
kind = ["company", "fund"]
remit_day = 31

[[authority]]
code = "ST-{tax_state}"
residence = "resident"
remit_day = 15
"#,
);

impl TaxData {
    fn is_resident(&self) -> Option<bool> {
        self.residence.map(|country| country == "NG")
    }

    /// Returns what is known after something is given.
    pub(super) fn with(self, given: Self) -> Self {
        Self {
            kind: given.kind.or(self.kind),
            residence: given.residence.or(self.residence),
            state: given.state.or(self.state),
        }
    }

    pub(super) fn words(&self) -> Vec<String> {
        let flags = [
            ("--kind", self.kind),
            ("--tax-residence", self.residence),
            ("--tax-state", self.state),
        ];
        let given = flags
            .into_iter()
            .filter_map(|(flag, value)| Some([flag, value?]));
        given.flatten().map(str::to_owned).collect()
    }
}

/// Returns the rate of a component for a holder, if the profile has a rule.
fn rate(profile: &str, component: &str, holder: TaxData) -> Option<Units> {
    let percent = |whole: Units| Some(whole * ONE);
    match (profile, component) {
        ("ng-2026", "income") => percent(10),
        ("ng-2026", "capital_gain") | (_, "return_of_capital") => Some(0),
        (_, "income") if holder.is_resident() == Some(false) => {
            if holder.kind == Some("fund") {
                percent(100)
            } else {
                Some(333_333_333)
            }
        }
        (_, "income") => Some(204_200_000),
        (_, "capital_gain") => percent(15),
        _ => None,
    }
}

/// Returns to whom the tax of a holder is owed, if that can be said.
fn authority(profile: &str, holder: TaxData) -> Option<Authority> {
    let of_state = |prefix: &str, day| holder.state.map(|state| (format!("{prefix}-{state}"), day));
    if profile == "ng-2026" {
        return match (holder.kind, holder.is_resident()) {
            (Some("company" | "fund" | "government" | "other"), _) | (_, Some(false)) => {
                Some(("NRS".to_owned(), 21))
            }
            (Some("individual"), Some(true)) => of_state("SIRS", 30),
            _ => None,
        };
    }
    match (holder.kind, holder.is_resident()) {
        (Some("company" | "fund"), _) => Some(("FED".to_owned(), 31)),
        (_, Some(true)) => of_state("ST", 15),
        _ => None,
    }
}

/// Returns what a rate takes of a base: never more than the base.
fn tax_on(base: Units, rate: Units, (minor, rounding): (Units, &str)) -> Units {
    let down = || rounded((base, rate), 100 * ONE, minor, "down");
    let tax = if rounding == "down" {
        down()
    } else {
        percent_of(base, rate, minor)
    };
    if tax > base { down() } else { tax }
}

/// Returns the day of the following month, or its last day if it is shorter.
fn due_day(tax_date: NaiveDate, day: u32) -> NaiveDate {
    let first = tax_date.with_day(1).unwrap() + Months::new(1);
    let last = (first + Months::new(1)).pred_opt().unwrap();
    first.with_day(day.min(last.day())).unwrap()
}

impl Books {
    /// Refuses an exit that does not say what its money is, where tax is withheld.
    pub(super) fn must_name_components(
        &self,
        project: usize,
        (kind, components, exempt): (&str, usize, bool),
    ) -> Result<(), Refusal> {
        let is_taxed = self.projects[project].profile.is_some();
        if is_taxed && kind == "exit" && components == 0 && !exempt {
            return Err(Refusal::Rule("event.component_required"));
        }
        Ok(())
    }

    /// Withholds tax from the shares of an event.
    pub(super) fn withhold(
        &self,
        event: usize,
        shares: &mut [Share],
        columns: &[Column],
    ) -> Result<Option<Taxes>, Refusal> {
        let Event {
            project,
            kind,
            exempt,
            date,
            ..
        } = self.events[event];
        self.must_name_components(project, (kind, columns.len(), exempt))?;
        let Some(profile) = self.projects[project].profile else {
            return Ok(None);
        };
        let last = NaiveDate::from_ymd_opt(2026, 4, 27);
        if profile == "model" && !exempt && Some(date) > last {
            return Err(Refusal::Rule("tax.profile_date"));
        }
        let rounding = if profile == "model" {
            "down"
        } else {
            "half-up"
        };
        let step = (self.minor(event), rounding);
        let (mut no_rule, mut no_authority) = (false, false);
        let mut withheld = Vec::new();
        for (at, share) in shares.iter_mut().enumerate() {
            let data = self.holders[share.holder].tax;
            let bases: Vec<(&str, Units)> = if columns.is_empty() {
                vec![("income", share.allocated)]
            } else {
                columns
                    .iter()
                    .map(|one| (one.name, one.parts[at]))
                    .collect()
            };
            let mut own = Withheld {
                rates: Vec::new(),
                authority: None,
                base: 0,
                tax: 0,
            };
            for (component, base) in bases {
                let rule = if exempt {
                    Some(0)
                } else {
                    rate(profile, component, data)
                };
                no_rule |= rule.is_none();
                let rule = rule.unwrap_or(0);
                let certificate = self.certificate_for(share.holder, component, date);
                let certificate = certificate.filter(|_| !exempt);
                let rate = certificate.map_or(rule, |(_, rate)| rate.min(rule));
                let tax = tax_on(base, rate, step);
                own.rates.push((rate, certificate.map(|(at, _)| at)));
                own.tax += tax;
                own.base += if tax > 0 { base } else { 0 };
            }
            if own.rates.iter().any(|(rate, _)| *rate > 0) {
                own.authority = authority(profile, data);
            }
            no_authority |= own.tax > 0 && own.authority.is_none();
            share.tax = own.tax;
            withheld.push(own);
        }
        if no_rule {
            return Err(Refusal::Rule("tax.no_rule"));
        }
        if no_authority {
            return Err(Refusal::Rule("tax.no_authority"));
        }
        Ok(Some(Taxes { profile, withheld }))
    }

    /// Records what an approved event owes to each authority. All of it arises on the later of its
    /// date and the day of its approval.
    pub(super) fn record_tax(&mut self, event: usize) {
        let Some(taxes) = self.events[event].frozen.tax.clone() else {
            return;
        };
        let taxed = taxes.withheld.iter().filter(|one| one.tax > 0);
        let mut owed: Vec<&Authority> = taxed.filter_map(|one| one.authority.as_ref()).collect();
        owed.sort();
        owed.dedup();
        let tax_date = self.events[event].date.max(self.today.max(self.latest));
        for to in owed {
            let own = |one: &&Withheld| one.tax > 0 && one.authority.as_ref() == Some(to);
            let own: Vec<&Withheld> = taxes.withheld.iter().filter(own).collect();
            self.tax_items.push(TaxItem {
                event,
                authority: to.0.clone(),
                period: tax_date.format("%Y-%m").to_string(),
                tax_date,
                due_date: due_day(tax_date, to.1),
                gross: own.iter().map(|one| one.base).sum(),
                tax: own.iter().map(|one| one.tax).sum(),
                cancelled: false,
            });
        }
    }

    /// Takes away what a cancelled event owes, unless any of it was remitted.
    pub(super) fn cancel_tax(&mut self, event: usize) -> Result<(), Refusal> {
        let own = (0..self.tax_items.len()).filter(|at| self.tax_items[*at].event == event);
        let own: Vec<usize> = own.collect();
        if own.iter().any(|at| self.remitted_by(*at).is_some()) {
            return Err(Refusal::Rule("event.tax_remitted"));
        }
        for at in own {
            self.tax_items[at].cancelled = true;
        }
        Ok(())
    }
}

pub(super) fn item_lines(books: &Books) -> Vec<String> {
    let line = |(at, item): (usize, &TaxItem)| {
        let event = &books.events[item.event];
        let currency = books.projects[event.project].currency;
        let sums = [item.gross, item.tax].map(canonical).join("|");
        let by = books.remitted_by(at).map(|at| (at + 1).to_string());
        format!(
            "{}|{}|{currency}|{}|{}|{}|{sums}|{}|{}",
            event.code,
            item.authority,
            item.period,
            item.tax_date,
            item.due_date,
            u8::from(item.cancelled),
            by.unwrap_or_default()
        )
    };
    books.tax_items.iter().enumerate().map(line).collect()
}

/// Writes a rate with the certificate that it follows from.
fn written((rate, certificate): &(Units, Option<usize>)) -> String {
    let certificate = certificate.map(|at| format!("certificate X-{:06}", at + 1));
    format!("{} {}", canonical(*rate), certificate.unwrap_or_default())
}

/// The tax of each share, and to whom it is owed.
pub(super) fn term_lines(books: &Books) -> Vec<String> {
    let mut lines = Vec::new();
    for event in &books.events {
        let Some(taxes) = &event.frozen.tax else {
            continue;
        };
        for (share, own) in event.shares.iter().zip(&taxes.withheld) {
            let rates: Vec<String> = own.rates.iter().map(written).collect();
            let (to, day) = match &own.authority {
                Some((to, day)) => (to.as_str(), day.to_string()),
                None => ("", String::new()),
            };
            let (code, holder) = (&event.code, &books.holders[share.holder].code);
            let (profile, tax) = (taxes.profile, canonical(own.tax));
            lines.push(format!(
                "{code}|{holder}|{profile}|{tax}|{to}|{day}|{}",
                rates.join(",")
            ));
        }
    }
    lines
}

#[test]
fn the_model_withholds_what_can_be_reckoned_by_hand() {
    use super::units::read;
    let tax = |base: &str, rate: &str, minor: &str, rounding: &str| {
        tax_on(read(base), read(rate), (read(minor), rounding))
    };
    let half_up = |base: &str, rate: &str| tax(base, rate, "0.01", "half-up");
    for (base, rate, wanted) in [
        ("33.34", "10", "3.33"),
        ("33.3333334", "10", "3.33"),
        ("16.60", "20", "3.32"),
        ("3.85", "15", "0.58"),
        ("0.05", "10", "0.01"),
        ("9999999999999.9999999", "10", "1000000000000"),
        ("0.0099999", "100", "0"),
        ("33.33", "0", "0"),
    ] {
        assert_eq!(half_up(base, rate), read(wanted), "{base} at {rate} %");
    }
    assert_eq!(tax("0.05", "10", "0.01", "down"), 0);
    assert_eq!(tax("333", "20.42", "1", "down"), read("67"));
    assert_eq!(tax("333", "20.42", "1", "half-up"), read("68"));
    assert_eq!(tax("10.005", "10", "0.001", "half-up"), read("1.001"));
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    assert_eq!(due_day(day("2026-01-31"), 30), day("2026-02-28"));
    assert_eq!(due_day(day("2026-12-05"), 21), day("2027-01-21"));
    let holder = |kind, residence, state| TaxData {
        kind,
        residence,
        state,
    };
    let owed = |holder| authority("ng-2026", holder).map(|(code, _)| code);
    let individual = |residence, state| owed(holder(Some("individual"), residence, state));
    assert_eq!(
        individual(Some("NG"), Some("LA")).as_deref(),
        Some("SIRS-LA")
    );
    assert_eq!(individual(Some("NG"), None), None);
    assert_eq!(individual(Some("GB"), None).as_deref(), Some("NRS"));
    assert_eq!(individual(None, Some("LA")), None);
}
