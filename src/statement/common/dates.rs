//! Dates and the limits in which they lie.

use chrono::{Datelike as _, Days, NaiveDate};

use super::texts::shown;
use crate::domain::time::Date;

/// The dates that a line may have.
#[derive(Clone, Copy, Debug)]
pub(in crate::statement) struct DateLimits {
    tomorrow: Date,
    latest_value: Date,
}

impl DateLimits {
    /// Creates the limits for a file that is read today.
    pub(in crate::statement) fn new(today: Date) -> Self {
        let after = |days| today.checked_add_days(Days::new(days)).unwrap_or(today);
        // A value date may be ahead, as for cheques, but one that is a year ahead is mistyped.
        Self {
            tomorrow: after(1),
            latest_value: after(366),
        }
    }

    /// Checks a booking date.
    ///
    /// # Errors
    /// The reason, if it is after tomorrow or before 1990.
    pub(in crate::statement) fn booked(self, date: Date) -> Result<Date, String> {
        if date > self.tomorrow {
            return Err(format!("{date} is after tomorrow"));
        }
        Self::not_ancient(date)
    }

    /// Checks a value date.
    ///
    /// # Errors
    /// The reason, if it is more than a year ahead or before 1990.
    pub(in crate::statement) fn value(self, date: Date) -> Result<Date, String> {
        if date > self.latest_value {
            return Err(format!("{date} is more than a year ahead"));
        }
        Self::not_ancient(date)
    }

    fn not_ancient(date: Date) -> Result<Date, String> {
        if date.year() < 1990 {
            Err(format!("{date} is before 1990"))
        } else {
            Ok(date)
        }
    }
}

/// The digits of a date.
#[derive(Clone, Copy, Debug)]
pub(in crate::statement) struct DateText<'t> {
    pub(in crate::statement) year: &'t str,
    pub(in crate::statement) month: &'t str,
    pub(in crate::statement) day: &'t str,
}

/// Reads a date of four, two and two digits.
///
/// # Errors
/// The reason, if the calendar does not have the date.
pub(in crate::statement) fn day(text: DateText<'_>) -> Result<Date, String> {
    let DateText { year, month, day } = text;
    let number = |text: &str| {
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse::<u16>().ok())
            .flatten()
    };
    let read = || {
        let year = number(year).filter(|_| year.len() == 4)?;
        let month = number(month).filter(|_| month.len() == 2)?;
        let day = number(day).filter(|_| day.len() == 2)?;
        NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
    };
    read().ok_or_else(|| {
        format!(
            "`{}` is not a date",
            shown(&format!("{year}-{month}-{day}"))
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: &str, month: &str, day: &str) -> Result<Date, String> {
        super::day(DateText { year, month, day })
    }

    #[test]
    fn a_date_is_between_1990_and_tomorrow() {
        let calendar = DateLimits::new(day("2024", "06", "30").unwrap());
        assert!(calendar.booked(day("1989", "12", "31").unwrap()).is_err());
        assert!(calendar.booked(day("2024", "07", "01").unwrap()).is_ok());
        assert!(calendar.booked(day("2024", "07", "02").unwrap()).is_err());
        assert!(calendar.value(day("2024", "09", "02").unwrap()).is_ok());
        assert!(calendar.value(day("2025", "09", "02").unwrap()).is_err());
        for (y, m, d) in [
            ("2023", "02", "29"),
            ("2023", "13", "01"),
            ("23", "01", "01"),
            ("+202", "01", "01"),
        ] {
            assert!(day(y, m, d).is_err(), "{y}{m}{d}");
        }
    }
}
