//! What the rules of classification and comparison know, as data: the words of banks, of names, and
//! the fees that they charge.

use std::ops::RangeInclusive;

use super::line::LineKind;

/// Which direction of money a word speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Money in or out.
    Either,
    /// Money in only.
    Credit,
}

/// Words that say what a line is about if they begin its text, the longer of two that begin
/// alike first.
///
/// # Source
/// The Guide to Charges of the Central Bank of Nigeria for the names of charges and levies; the
/// spellings are those of Nigerian banks' statements.
pub(super) const KIND_WORDS: [(&str, LineKind); 68] = [
    ("ELECTRONIC MONEY TRANSFER LEVY", LineKind::Levy),
    ("FGN ELECTRONIC MONEY TRANSFER LEVY", LineKind::Levy),
    ("ELECTRONIC MONEY TRF LEVY", LineKind::Levy),
    ("ELECTRONIC LEVY", LineKind::Levy),
    ("E-LEVY", LineKind::Levy),
    ("EMTL", LineKind::Levy),
    ("STAMP DUTY", LineKind::Levy),
    ("STAMP DUTIES", LineKind::Levy),
    ("STAMPDUTY", LineKind::Levy),
    ("FGN STAMP DUTY", LineKind::Levy),
    ("CYBERSECURITY LEVY", LineKind::Levy),
    ("CYBER SECURITY LEVY", LineKind::Levy),
    ("CBN LEVY", LineKind::Levy),
    ("LEVY", LineKind::Levy),
    ("VALUE ADDED TAX", LineKind::Tax),
    ("WITHHOLDING TAX", LineKind::Tax),
    ("WITH-HOLDING TAX", LineKind::Tax),
    ("VAT", LineKind::Tax),
    ("WHT", LineKind::Tax),
    ("COMMISSION", LineKind::Fee),
    ("COMMISSIONS", LineKind::Fee),
    ("COMM", LineKind::Fee),
    ("BANK CHARGE", LineKind::Fee),
    ("BANK CHARGES", LineKind::Fee),
    ("SERVICE CHARGE", LineKind::Fee),
    ("SERVICE CHARGES", LineKind::Fee),
    ("TRANSFER CHARGE", LineKind::Fee),
    ("TRANSFER CHARGES", LineKind::Fee),
    ("TRANSFER FEE", LineKind::Fee),
    ("TRF CHARGE", LineKind::Fee),
    ("TRF CHARGES", LineKind::Fee),
    ("TRF CHG", LineKind::Fee),
    ("TRF FEE", LineKind::Fee),
    ("CHARGE", LineKind::Fee),
    ("CHARGES", LineKind::Fee),
    ("CHG", LineKind::Fee),
    ("CHGS", LineKind::Fee),
    ("CHRG", LineKind::Fee),
    ("FEE", LineKind::Fee),
    ("FEES", LineKind::Fee),
    ("COT", LineKind::Fee),
    ("CAMF", LineKind::Fee),
    ("CURRENT ACCOUNT MAINTENANCE", LineKind::Fee),
    ("ACCOUNT MAINTENANCE", LineKind::Fee),
    ("ACCT MAINTENANCE", LineKind::Fee),
    ("A/C MAINTENANCE", LineKind::Fee),
    ("MONTHLY MAINTENANCE", LineKind::Fee),
    ("MAINTENANCE", LineKind::Fee),
    ("SMS ALERT", LineKind::Fee),
    ("SMS ALERTS", LineKind::Fee),
    ("SMS CHARGE", LineKind::Fee),
    ("SMS CHARGES", LineKind::Fee),
    ("SMS NOTIFICATION", LineKind::Fee),
    ("ALERT CHARGE", LineKind::Fee),
    ("ALERT CHARGES", LineKind::Fee),
    ("CARD MAINTENANCE", LineKind::Fee),
    ("CARD ISSUANCE", LineKind::Fee),
    ("CARD RENEWAL", LineKind::Fee),
    ("CARD REPLACEMENT", LineKind::Fee),
    ("CARD FEE", LineKind::Fee),
    ("CARD CHARGE", LineKind::Fee),
    ("CARD CHARGES", LineKind::Fee),
    ("INTEREST", LineKind::Interest),
    ("INT. CAPITALISED", LineKind::Interest),
    ("INT.CAPITALISED", LineKind::Interest),
    ("INT CAPITALISED", LineKind::Interest),
    ("INT. CAPITALIZED", LineKind::Interest),
    ("INT CAPITALIZED", LineKind::Interest),
];

/// Words that say that a line takes an earlier one back. A refund that goes out is a payment like
/// any other.
pub(super) const REVERSAL_WORDS: [(&str, Direction); 15] = [
    ("REVERSAL", Direction::Either),
    ("REVERSED", Direction::Either),
    ("REVERSE", Direction::Either),
    ("RVSL", Direction::Either),
    ("RSVL", Direction::Either),
    ("REVSL", Direction::Either),
    ("RVS", Direction::Either),
    ("REV-", Direction::Either),
    ("REV/", Direction::Either),
    ("REV:", Direction::Either),
    ("RETURNED", Direction::Credit),
    ("RETURN", Direction::Credit),
    ("RTND", Direction::Credit),
    ("UNPAID", Direction::Credit),
    ("REFUND", Direction::Credit),
];

/// Words that a space parts from the word that says what a line is about: the channel, and what
/// binds words together.
pub(super) const LEAD_WORDS: [&str; 13] = [
    "NIP", "NEFT", "RTGS", "NIBSS", "USSD", "WEB", "MOBILE", "MOB", "INSTANT", "ONLINE", "POS",
    "OF", "MONTHLY",
];

/// Fees in ten-millionths of one naira that a transfer may be short of or above its amount, and
/// what they are.
///
/// # Source
/// Central Bank of Nigeria, Guide to Charges: transfers of up to 5,000, up to 50,000 and above cost
/// 10, 25 and 50, with value added tax of 7.5 % on top; the electronic money transfer levy
/// (earlier: stamp duty) is 50.
pub(super) const KNOWN_FEES: [(i128, &str); 9] = [
    (100_000_000, "the transfer fee of 10.00"),
    (
        107_500_000,
        "the transfer fee of 10.00 with value added tax",
    ),
    (250_000_000, "the transfer fee of 25.00"),
    (
        268_800_000,
        "the transfer fee of 25.00 with value added tax",
    ),
    (
        500_000_000,
        "the transfer fee, the stamp duty or the electronic money transfer levy of 50.00",
    ),
    (
        537_500_000,
        "the transfer fee of 50.00 with value added tax",
    ),
    (
        607_500_000,
        "the transfer fee of 10.00 with value added tax and a levy of 50.00",
    ),
    (
        768_800_000,
        "the transfer fee of 25.00 with value added tax and a levy of 50.00",
    ),
    (
        1_037_500_000,
        "the transfer fee of 50.00 with value added tax and a levy of 50.00",
    ),
];

/// A bank, by its codes and a word of its name.
pub(super) struct Bank {
    /// The codes.
    pub(super) codes: &'static [&'static str],
    /// The word, folded.
    pub(super) name: &'static str,
}

/// Which banks charge something.
pub(super) enum Banks {
    /// These.
    Only(&'static [Bank]),
    /// All but these.
    AllBut(&'static [Bank]),
}

const OPAY: Bank = Bank {
    codes: &["999992", "100004"],
    name: "OPAY",
};
const MONIEPOINT: Bank = Bank {
    codes: &["50515", "090405"],
    name: "MONIEPOINT",
};
const PALMPAY: Bank = Bank {
    codes: &["999991", "100033"],
    name: "PALMPAY",
};
const KUDA: Bank = Bank {
    codes: &["50211", "090267"],
    name: "KUDA",
};

/// What banks charge, in the years in which they do.
pub(super) struct KnownCharge {
    /// The banks.
    pub(super) banks: Banks,
    /// The amount in ten-millionths of one naira.
    pub(super) units: i128,
    /// The years.
    pub(super) years: RangeInclusive<i32>,
}

const fn charge(units: i128, first: i32, last: i32) -> KnownCharge {
    charge_of(Banks::AllBut(&[]), units, first, last)
}

const fn charge_of(banks: Banks, units: i128, first: i32, last: i32) -> KnownCharge {
    KnownCharge {
        banks,
        units,
        years: first..=last,
    }
}

/// A year that is not over for as long as this program lives.
const NOW: i32 = 9999;

/// The single charges of Nigerian banks whose amounts are fixed. Each amount is a line of its own, or
/// the line of a fee with its tax.
///
/// # Source
/// Central Bank of Nigeria, Guide to Charges of 2017 (transfers 50 with value added tax of 5 %) and of
/// 2020 (10, 25, 50; value added tax of 7.5 % since February 2020); stamp duty and, since 2021, the
/// electronic money transfer levy of 50; text messages of 4 and, since 2025, 6. The levy of 50 came to
/// Kuda on 15 July 2022 and to the wallets on 9 September 2024, as they told their customers.
pub(super) const KNOWN_CHARGES: [KnownCharge; 19] = [
    charge_of(
        Banks::AllBut(&[KUDA, OPAY, MONIEPOINT, PALMPAY]),
        500_000_000,
        2010,
        NOW,
    ),
    charge_of(Banks::Only(&[KUDA]), 500_000_000, 2022, NOW),
    charge_of(
        Banks::Only(&[OPAY, MONIEPOINT, PALMPAY]),
        500_000_000,
        2024,
        NOW,
    ),
    charge(25_000_000, 2010, 2020),
    charge(525_000_000, 2010, 2020),
    charge(100_000_000, 2020, NOW),
    charge(7_500_000, 2020, NOW),
    charge(107_500_000, 2020, NOW),
    charge(250_000_000, 2020, NOW),
    charge(18_700_000, 2020, NOW),
    charge(18_800_000, 2020, NOW),
    charge(268_700_000, 2020, NOW),
    charge(268_800_000, 2020, NOW),
    charge(37_500_000, 2020, NOW),
    charge(537_500_000, 2020, NOW),
    charge(40_000_000, 2010, NOW),
    charge(43_000_000, 2020, NOW),
    charge(60_000_000, 2025, NOW),
    charge(64_500_000, 2025, NOW),
];

/// How large a charge of a kind may be that is next to a transfer and carries its text.
pub(super) struct FeeBound {
    /// The kind.
    pub(super) kind: LineKind,
    /// The thousandths of the transfer.
    pub(super) of_thousand: i128,
    /// The most, in ten-millionths of the currency.
    pub(super) at_most: i128,
}

/// The smaller of 1 % of the transfer and 10,000.00.
pub(super) const FEE_BOUNDS: [FeeBound; 3] = [
    FeeBound {
        kind: LineKind::Fee,
        of_thousand: 10,
        at_most: 100_000_000_000,
    },
    FeeBound {
        kind: LineKind::Tax,
        of_thousand: 10,
        at_most: 100_000_000_000,
    },
    FeeBound {
        kind: LineKind::Levy,
        of_thousand: 10,
        at_most: 100_000_000_000,
    },
];

/// The currency of [`KNOWN_FEES`] and [`KNOWN_CHARGES`].
pub(super) const FEES_CURRENCY: &str = "NGN";

/// Titles, which one side writes and the other does not.
pub(super) const TITLES: [&str; 36] = [
    "MR",
    "MRS",
    "MISS",
    "MS",
    "MASTER",
    "DR",
    "DRS",
    "PROF",
    "PROFESSOR",
    "DOCTOR",
    "CHIEF",
    "ALHAJI",
    "ALH",
    "ALHAJA",
    "HAJIYA",
    "HAJIA",
    "MALLAM",
    "ENGR",
    "ENG",
    "ENGINEER",
    "BARR",
    "BARRISTER",
    "ARC",
    "SIR",
    "LADY",
    "HRH",
    "HRM",
    "HE",
    "OTUNBA",
    "OBA",
    "PASTOR",
    "PST",
    "REV",
    "REVEREND",
    "ESQ",
    "HON",
];

/// Words of companies that banks shorten or leave out.
pub(super) const COMPANY_WORDS: [&str; 25] = [
    "LTD",
    "LIMITED",
    "PLC",
    "NIG",
    "NIGERIA",
    "NIGERIAN",
    "ENT",
    "ENTERPRISE",
    "ENTERPRISES",
    "INC",
    "LLC",
    "LLP",
    "CO",
    "COY",
    "COMPANY",
    "CORP",
    "CORPORATION",
    "GLOBAL",
    "INTL",
    "INTERNATIONAL",
    "VENTURE",
    "VENTURES",
    "SERVICES",
    "GMBH",
    "RC",
];

/// Words next to a name that are not names.
pub(super) const NOISE_WORDS: [&str; 29] = [
    "NIP",
    "NEFT",
    "RTGS",
    "NIBSS",
    "TRF",
    "TRSF",
    "TFR",
    "TRANSFER",
    "TRANS",
    "TO",
    "PAYMENT",
    "PYMT",
    "PMT",
    "PAY",
    "IFO",
    "FBO",
    "FAVOUR",
    "FAVOR",
    "OF",
    "IN",
    "BENEFICIARY",
    "INSTANT",
    "OUTWARD",
    "WEB",
    "MOBILE",
    "MOB",
    "ONLINE",
    "DR",
    "DEBIT",
];

/// Words after which banks name the beneficiary.
pub(super) const BENEFICIARY_WORDS: [&str; 6] = [
    "TRF TO",
    "TRSF TO",
    "TFR TO",
    "TRANSFER TO",
    "PAYMENT TO",
    "BENEFICIARY",
];

/// Words that end the beneficiary's name: what follows is something else.
pub(super) const AFTER_NAME_WORDS: [&str; 9] = [
    "REF",
    "REFERENCE",
    "VIA",
    "FOR",
    "BEING",
    "INV",
    "INVOICE",
    "NARRATION",
    "RMK",
];

/// Words in the place of a name that name a bank or nobody.
pub(super) const BANK_WORDS: [&str; 58] = [
    "BANK",
    "BANKS",
    "OTHER",
    "OTHERS",
    "ACCOUNT",
    "ACCT",
    "CUSTOMER",
    "SELF",
    "MULTIPLE",
    "VARIOUS",
    "BENEFICIARIES",
    "BULK",
    "BATCH",
    "FUND",
    "FUNDS",
    "LOCAL",
    "ACCESS",
    "CITIBANK",
    "CORONATION",
    "DIAMOND",
    "ECOBANK",
    "FBN",
    "FCMB",
    "FIDELITY",
    "FIRST",
    "FIRSTBANK",
    "GLOBUS",
    "GTB",
    "GTBANK",
    "GTCO",
    "GUARANTY",
    "HERITAGE",
    "IBTC",
    "JAIZ",
    "KEYSTONE",
    "KUDA",
    "LOTUS",
    "MICROFINANCE",
    "MONIEPOINT",
    "OPAY",
    "OPTIMUS",
    "PALMPAY",
    "PARALLEX",
    "POLARIS",
    "PREMIUMTRUST",
    "PROVIDUS",
    "STANBIC",
    "STANDARD",
    "CHARTERED",
    "STERLING",
    "SUNTRUST",
    "TAJ",
    "TITAN",
    "UBA",
    "UNION",
    "VFD",
    "WEMA",
    "ZENITH",
];

/// Words by which banks say that a debit is a whole file of payments.
pub(super) const BULK_WORDS: [&str; 8] = [
    "BULK",
    "BATCH",
    "GAPS",
    "MASS PAYMENT",
    "MULTIPLE BENEFICIARIES",
    "MULTIPLE TRANSFER",
    "PAYMENT SCHEDULE",
    "SALARY SCHEDULE",
];

/// Words after which the payer is named, who is not the one we look for.
pub(super) const PAYER_WORDS: [&str; 4] = ["FROM", "FRM", "BY", "BO"];
