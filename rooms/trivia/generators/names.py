"""What the open data needs before it is fit for a quiz: better names, and what is disputed left out."""

# The members of the United Nations. Who else is a country is no question for a quiz.
MEMBERS = frozenset(
    """
    AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS BT BW BY BZ CA CD CF CG CH
    CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN
    GQ GR GT GW GY HN HR HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA LB LC
    LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV MW MX MY MZ NA NE NG NI NL NO NP
    NR NZ OM PA PE PG PH PK PL PT PW PY QA RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV
    SY SZ TD TG TH TJ TL TM TN TO TR TT TV TZ UA UG US UY UZ VC VE VN VU WS YE ZA ZM ZW
    """.split()  # noqa: SIM905
)
COUNTRIES = {
    "AE": "the United Arab Emirates", "BS": "the Bahamas", "CD": "the Democratic Republic of the Congo",
    "CF": "the Central African Republic", "CG": "the Republic of the Congo", "CV": "Cape Verde",
    "DO": "the Dominican Republic", "GB": "the United Kingdom", "GM": "the Gambia", "KM": "the Comoros",
    "MH": "the Marshall Islands", "MV": "the Maldives", "NL": "the Netherlands", "PH": "the Philippines",
    "SB": "the Solomon Islands", "SC": "the Seychelles", "ST": "São Tomé and Príncipe", "TL": "Timor-Leste",
    "US": "the United States",
}  # fmt: skip
CAPITALS = {
    "BR": "Brasília", "CM": "Yaoundé", "CO": "Bogotá", "CR": "San José", "KZ": "Astana", "MD": "Chișinău",
    "MM": "Naypyidaw", "MV": "Malé", "PY": "Asunción", "ST": "São Tomé", "TG": "Lomé",
    "US": "Washington, D.C.", "KI": "South Tarawa",
}  # fmt: skip
# Capitals that are disputed, several, moving, or not where the government sits.
DOUBTFUL_CAPITALS = frozenset(
    "BI BJ BO CI CL GE GQ ID IL LK ME MY NL NR PW SZ TZ YE ZA".split()  # noqa: SIM905
)
# On two continents, or said to be on either.
DOUBTFUL_CONTINENTS = frozenset("AM AZ CY EG ES FR GB GE ID KZ NL PT RU TL TR US YE".split())  # noqa: SIM905
# Borders that are disputed, on water alone, or far from the country's main part.
DOUBTFUL_BORDERS = frozenset(
    frozenset(pair.split("-"))
    for pair in """
    FR-BR FR-SR FR-NL ES-MA ES-GB DK-CA GB-CY MA-MR CN-PK IN-AF IN-PK IN-CN AE-QA CD-TZ ZM-BW ZW-NA
    ZM-NA BW-NA EG-SD IL-SY IL-LB IL-JO IL-EG SY-LB TR-AZ AM-AZ RU-UA RU-GE SD-SS KE-SS ET-SD NG-TD
    NE-TD RU-KP SG-MY US-CU AL-RS DJ-SO
    """.split()  # noqa: SIM905
)
# In places to which two countries lay claim; parts of other cities; and some that are smaller than is said.
DOUBTFUL_CITIES = frozenset(
    {
        *("Donetsk", "Luhansk", "Mariupol", "Sevastopol", "Simferopol", "Kerch", "Makiyivka", "Horlivka"),
        *("Srinagar", "Jammu", "Jerusalem", "Hargeysa", "Hargeisa", "Port Sudan", "Laayoune"),
        *("Puxi", "Pudong", "Bao'an", "Wuzhong", "Kennedy", "Pest", "Setagaya", "Camayenne", "Manhattan"),
        *("Queens", "Brooklyn", "The Bronx", "Esenyurt", "Iztapalapa", "Gustavo Adolfo Madero", "Mulenvos"),
        *(
            "Pikine",
            "Abobo",
            "Sulţānah",
            "Sadr City",
            "Kampung Baru Subang",
            "Ra\u2019s Bayrūt",
            "Soshanguve",
        ),
        *("Al Mawşil al Jadīdah", "Al Başrah al Qadīmah", "Budta", "Malingao", "Kakamega", "Bannu"),
        *("Arifwala", "Jepara", "Soweto", "Natal", "Austin", "Jos"),
    }
)
# Flags that are alike to anybody who does not measure them: the first are not asked for at all, and those of
# a group are never choices together.
SAME_FLAGS = frozenset("TD RO ID MC".split())  # noqa: SIM905
LIKE_FLAGS = [
    frozenset(group.split())
    for group in ("ID MC PL SG", "TD RO AD MD", "NL LU PY HR", "IE CI IN NE", "AU NZ FJ TV", "SI SK RU RS BG",
                  "SN ML GN CM", "NO IS DK", "CO EC VE", "HN NI SV GT", "QA BH", "AT LV PE", "IT MX HU IR BG",
                  "LR US MY", "YE SY IQ EG SD", "GH BO ET", "BE DE", "JO KW AE SD", "SE FI", "FR NL")
]  # fmt: skip
# The spelling of the International Union of Pure and Applied Chemistry.
ELEMENTS = {"aluminum": "aluminium", "cesium": "caesium"}
