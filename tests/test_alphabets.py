"""Names and titles in the order of a language."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.alphabets import _ALPHABETS, _places, alphabet_of

ORDERS = {  # each in the order of its language; "=" parts what sorts alike but for accents
    "en": "12 Æsop Ångström apple bœuf Łódź Lyon Müller mustard ¡olé! Zürich 一月 Мост",
    "fr": "ça cote = coté côte = côté élan étude œdipe=oedipe œuvre zèbre",
    "de": "Arbeit Ärger Öl Omen Straße Strasser über Ufer",
    "sv": "ask uzi über ytter Yxa Zebra åka Ås Ädel älg öl",
    "fi": "ask Zebra åbo äiti öljy",
    "da": "Ask uzi über zebra ærø ø øre Aarhus åse",
    "nb": "bil zoo ære øl å ånd",
    "is": "ask ás dýr ðe er él þorn ævi ös",
    "es": "cana canto cañón chico cinco llave lodo nube ñu oso",
    "pl": "cud ćma lody lód lz łan łza mak nora ńa ósmy = ósmy ptak sad śnieg zebra źdźbło żaba",
    "cs": "cihla čert dům = dum had hrad chata chléb iva řeka sad šaty zub žena",
    "sk": "ako ängel boh čo dom hora chata otec ôsmy žena",
    "hu": "cukor csók dóm dzéta dzsungel gaz gyár öl sor szó tor tyúk zab zseb",
    "hr": "cvijet čaj ćup dom džep đak lav ljeto noć njiva sat šuma zec žaba",
    "sl": "cesta čas ćar dom sad šola zima žena",
    "ro": "an ăsta în sat șase tata țară",
    "et": "sada šeik zoo žest tee uus vana õhk äi öö üks",
    "lv": "cers čaks gads ģimene kaķis ķieģelis lapa ļauns",
    "lt": "akis ąžuolas čia ypač iš jis šuo žuvis",
    "tr": "can çok gel ğa hal Irmak ısı iki İzmir oda öğle su şal uzun ünlü",
    "az": "elm əl fil göl ğa hal xal ırq iş qar",
    "sq": "cep çaj dal dhe er ënda gur gjak lot llaf rob rrush sot shi tel thes",
    "cy": "cath chwech dafad ddoe fel ffrind gafr ngh lol llan pen pha rhad = rhad sut tad tha",
    "eo": "celo ĉambro ĝardeno horo ĥoro ĵus sed ŝi unu ŭa",
    "vi": "an ăn ấm âm dao đen em êm on ôn ơn ung ưng",
    "ru": "12 ёлка ель игра йод крот ыр эхо юг яма apple zebra",
    "uk": "гора ґанок день екран єва жар ива інше їжак йод",
    "be": "ель ёлка жук ім йод ум ўзор",
    "bg": "щит ъгъл юг я",
    "sr": "дан ђак ера иза јак лав љут нас њива тај ћуп фес џак шал",
    "mk": "гас дан ѓа ѕид из тат ќе ум",
    "el": "άλφα βήτα ήτα ίσως ώρα",
    "ar": "أحمد باب تاريخ ثلج جبل كتاب مدينة هلال وطن يوم",
    "fa": "آب اب باران پدر چای ژاله کتاب گل می‌شود نان وقت هنر یک",
    "ur": "آپ بات پانی ٹوپی چار ڈاک ژالہ گل ہم یہ",
    "ja": "12 apple zebra あめ アメリカ い 売る 絵 大阪 柿 書く = ガク かに さる 東京 ニュース 橋 ぱん 横浜 わに ん",
    "zh": "12 爱 BBC 北京 重庆 大桥 路 lunar 女儿 银行 中国",
    "he": "אבא בית כלב מים נהר ספר צב תל",
}  # fmt: skip


@pytest.mark.parametrize("language", ORDERS)
def test_words_stand_in_the_order_of_the_language(language: str) -> None:
    words = [word for word in ORDERS[language].replace("=", " ").split() if word]
    shuffled = random.Random(1).sample(words, len(words))
    key = alphabet_of(language).key
    assert [key(word) for word in sorted(shuffled, key=key)] == [key(word) for word in words]


@pytest.mark.parametrize("language", _ALPHABETS)
def test_each_letter_has_a_sign_of_its_own(language: str) -> None:
    alphabet = alphabet_of(language)
    letters = list(dict.fromkeys(_places(_ALPHABETS[language]).values()))
    keys = [alphabet.key(letter) for letter in letters]
    assert keys == sorted(set(keys))
    assert all(len(key) == 1 or (language == "ja" and key[1] in "12345") for key in keys)
    assert all("9" < key[0] < "~" and key[0] not in "-_" for key in keys)
    assert [alphabet.text_of(key) for key in keys] == letters
    parts = {alphabet.key(part) for letter in letters if len(letter) > 1 for part in letter}
    assert not parts & set("abcdef")  # else letters that count as one would be seen in the code of an ideograph


def test_what_sorts_alike_has_one_key() -> None:
    assert alphabet_of("de").key("Große  Straße!") == alphabet_of("de").key("grosse strasse")
    assert alphabet_of("fa").key("\u0643تاب\u200cها") == alphabet_of("fa").key("کتابها")
    assert alphabet_of("da").key("Aarhus") == alphabet_of("da").key("Århus")
    assert alphabet_of("hu").key("ős") == alphabet_of("hu").key("ös")
    assert alphabet_of("ar").key("٢٠١١") == alphabet_of("en").key("2011") == "2011"
    assert alphabet_of("vi").key("Việt") == alphabet_of("vi").key("Viêt") != alphabet_of("vi").key("Viet")


def test_regions_and_scripts_have_the_alphabet_of_their_language() -> None:
    assert alphabet_of("es-MX").key("ñ") == alphabet_of("es").key("ñ")
    assert alphabet_of("sr-Latn-RS").key("lj") == alphabet_of("hr").key("lj") != alphabet_of("sr").key("lj")
    assert alphabet_of("tlh").key("Ñ") == "n"


@given(st.text(max_size=20), st.sampled_from(sorted(_ALPHABETS)))
def test_any_text_has_a_key_and_sorts_by_the_same_when_it_is_written_out(text: str, language: str) -> None:
    alphabet = alphabet_of(language)
    key = alphabet.key(text)
    assert key == key.strip()
    assert "-" not in key
    assert "_" not in key
    if "~" not in key:
        assert alphabet.key(alphabet.text_of(key)) == key
