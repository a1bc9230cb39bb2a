//! NUBAN: the ten-digit account numbers of Nigerian banks, of which the last digit checks bank and
//! number.

/// The weights of the digits, over and over.
const WEIGHTS: [u32; 3] = [3, 7, 3];
/// How many digits come before the check digit.
const SERIAL: usize = 9;

/// Returns whether a bank's code is one of Nigeria's: three digits for a bank, or for another
/// institution five digits, which may have a 9 before them.
pub fn is_nigerian(bank_code: &str) -> bool {
    six_digits(bank_code).is_some()
}

/// Computes the check digit of a serial number at a bank, or `None` if the code is not Nigerian
/// or the serial number has not nine digits.
///
/// # Source
/// Central Bank of Nigeria, revised standards on NUBAN for banks and other financial institutions,
/// 2020: six digits of the institution (`000` before a bank's three, `9` before the five of others)
/// and nine of the serial number are weighted with 3 7 3 over and over; what the sum lacks to a
/// multiple of ten is the check digit.
pub fn check_digit(bank_code: &str, serial: &str) -> Option<char> {
    let institution = six_digits(bank_code)?;
    if serial.len() != SERIAL {
        return None;
    }
    let digits: Option<Vec<u32>> = institution
        .chars()
        .chain(serial.chars())
        .map(|c| c.to_digit(10))
        .collect();
    let sum: u32 = digits?
        .into_iter()
        .zip(WEIGHTS.into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    char::from_digit((10 - sum % 10) % 10, 10)
}

/// Returns whether a number is a NUBAN of this bank.
pub fn is_valid(bank_code: &str, number: &str) -> bool {
    let Some((serial, check)) = number.split_at_checked(SERIAL) else {
        return false;
    };
    check.len() == 1 && check.chars().next() == check_digit(bank_code, serial)
}

/// Writes a Nigerian institution's code with six digits.
fn six_digits(bank_code: &str) -> Option<String> {
    if !bank_code.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match bank_code.len() {
        3 => Some(format!("000{bank_code}")),
        5 => Some(format!("9{bank_code}")),
        6 if bank_code.starts_with('9') => Some(bank_code.to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_worked_examples_hold() {
        for (bank, serial, check) in [
            ("011", "000001457", '9'),
            ("011", "000000022", '0'),
            ("50547", "000000001", '1'),
            ("950547", "000000001", '1'),
            ("058", "012345678", '5'),
        ] {
            assert_eq!(check_digit(bank, serial), Some(check), "{bank} {serial}");
            assert!(is_valid(bank, &format!("{serial}{check}")));
        }
    }

    #[test]
    fn other_numbers_are_not_valid() {
        for number in [
            "",
            "012345678",
            "01234567855",
            "0123456784",
            "012345678X",
            "O123456785",
            "\u{660}123456785",
            "012345678\u{e9}",
        ] {
            assert!(!is_valid("058", number), "{number}");
        }
        assert!(!is_valid("033", "0123456785"), "the number of another bank");
        for code in [
            "",
            "58",
            "0058",
            "000013",
            "058a",
            "GTBINGLA",
            "\u{660}58",
            "9505470",
        ] {
            assert!(!is_nigerian(code), "{code}");
            assert_eq!(check_digit(code, "012345678"), None, "{code}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_seen(bank in "[0-9]{3}|[0-9]{5}|9[0-9]{5}", serial in "[0-9]{9}", at in 0_usize..10, by in 1_u32..10) {
            let number = format!("{serial}{}", check_digit(&bank, &serial).unwrap());
            prop_assert!(is_valid(&bank, &number));
            let wrong: String = number.chars().enumerate().map(|(place, c)| {
                let digit = c.to_digit(10).unwrap();
                char::from_digit(if place == at { (digit + by) % 10 } else { digit }, 10).unwrap()
            }).collect();
            prop_assert!(!is_valid(&bank, &wrong));
        }
    }
}
