//! The days of tax: when it is due, and to which month it belongs.

use chrono::{Datelike as _, Months};

use crate::domain::time::{Date, Month};

/// Adds months by the calendar: the same day, or the month's last day if it is shorter. `None` if the
/// calendar ends before.
pub fn add_months(day: Date, months: u32) -> Option<Date> {
    day.checked_add_months(Months::new(months))
}

/// Subtracts months by the calendar, as [`add_months`] adds them.
pub fn subtract_months(day: Date, months: u32) -> Option<Date> {
    day.checked_sub_months(Months::new(months))
}

/// Returns the tax date of an event: all of its tax is due on the later of its distribution date and
/// the day of its approval.
///
/// # Source
/// NTA 2025 s.7(2): income from a distribution arises on the day on which payment becomes due; nothing
/// is withheld before somebody approved.
pub fn tax_point(distribution_date: Date, approved_on: Date) -> Date {
    distribution_date.max(approved_on)
}

/// Returns the month of a day.
pub fn month_of(day: Date) -> Option<Month> {
    Month::parse(&format!("{:04}-{:02}", day.year(), day.month())).ok()
}

/// Returns the day on which the tax of a tax date must be remitted: that day of the following month,
/// or its last day if it is shorter. `None` if the calendar ends before.
pub fn due_day(tax_date: Date, remit_day: u32) -> Option<Date> {
    let first = add_months(tax_date.with_day(1)?, 1)?;
    let last = add_months(first, 1)?.pred_opt()?;
    first.with_day(remit_day.min(last.day()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_date;

    fn day(text: &str) -> Date {
        parse_date(text).unwrap()
    }

    #[test]
    fn months_are_added_by_the_calendar() {
        for (from, months, to) in [
            ("2026-08-31", 6, "2027-02-28"),
            ("2024-02-29", 48, "2028-02-29"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2026-01-31", 1, "2026-02-28"),
        ] {
            assert_eq!(
                add_months(day(from), months),
                Some(day(to)),
                "{from} + {months}"
            );
        }
        assert_eq!(
            subtract_months(day("2026-03-31"), 1),
            Some(day("2026-02-28"))
        );
    }

    #[test]
    fn tax_is_due_on_a_day_of_the_month_after_the_later_of_two_days() {
        let (distributed, approved) = (day("2026-03-31"), day("2026-04-02"));
        assert_eq!(tax_point(distributed, approved), approved);
        assert_eq!(tax_point(approved, distributed), approved);
        assert_eq!(month_of(approved).unwrap().to_string(), "2026-04");
        for (tax_date, remit_day, due) in [
            ("2026-01-31", 30, "2026-02-28"),
            ("2028-01-31", 30, "2028-02-29"),
            ("2026-01-01", 21, "2026-02-21"),
            ("2026-12-15", 21, "2027-01-21"),
            ("2026-03-31", 31, "2026-04-30"),
            ("2026-03-31", 1, "2026-04-01"),
        ] {
            assert_eq!(
                due_day(day(tax_date), remit_day),
                Some(day(due)),
                "{tax_date}"
            );
        }
    }
}
