"""The small words that give a language away, and the letters beyond ASCII that it is written with."""

from types import MappingProxyType

_WORDS = {
    "en": "the of and to in is was for that on with as it at by from be his her he she they this have has had not are "
          "were which but or an who their its will would been said one all there more after about when than into",
    "fr": "le la les de des du et en un une que qui dans pour sur par est au aux ce cette il elle ne pas plus se "
          "son sa ses avec sont a été mais ou où leur leurs on nous vous ils elles comme après sans entre selon "
          "depuis ont",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus "
          "er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder "
          "aber vor zur bis",
    "es": "el la los las de del y en que un una por con para se su al lo como más es no fue sus ha han este esta pero "
          "entre sobre desde muy también sin hasta ya cuando donde son era años según todo porque le les",
    "it": "il lo la gli le di del della dei delle dello e in un una che per con su si non è al alla da dal dalla "
          "nel nella sono come più anche ha hanno ma questo questa tra dopo ai alle stato suo sua loro era o se ci",
    "pt": "o os as de do da dos das e em no na nos nas um uma que por para com se não mais como ao à foi são mas "
          "seu sua pelo pela entre também até sobre já quando muito ou está ter tem segundo depois há ele ela",
    "nl": "de het een van en in is op te dat die voor met zijn aan niet er om ook als bij nog maar door naar hij "
          "ze uit over wordt worden heeft werd deze dit tot meer dan geen hun wel kan was zich of wij na",
    "sv": "och i att det som en på är av för med till den har de inte om ett han hon men var sig så från vi kan när "
          "nu efter eller under också mot ska vid skulle där år över hade sina än här mycket",
    "da": "og i at det som en på er af for med til den har de ikke om et han hun men var sig så fra vi kan når nu "
          "efter eller under også mod skal ved ville hvor år over blev bliver sine end her meget være",
    "nb": "og i at det som en på er av for med til den har de ikke om et han hun men var seg så fra vi kan når nå "
          "etter eller under også mot skal ved ville hvor år over ble blir sine enn her mye være etter",
    "fi": "ja on ei se että oli hän mutta myös joka kun niin ovat mukaan kuin sen ole jos vain jo tai sekä jotka hänen "
          "olla vielä nyt ollut vuoden sitten ne siitä siinä mitä tämä jonka noin",
    "pl": "i w na z do się nie że to jest o jak od po za przez dla oraz ale są był była było który która które przy "
          "także co ich jego tym tego już tylko może ze czy roku bardzo być lub gdy tak",
    "cs": "a v se na je že s z do o i jako za po by pro ale od jsou k ve byl byla bylo které který která jeho jejich "
          "také už nebo podle při jen tak má není až co když před roku ze aby",
    "ro": "și în de la cu pe din care a o un una nu este sunt mai că pentru au fost dar sau prin după ca al ale lui "
          "această acest fi către între până fost despre ce își ei unor iar",
    "hu": "a az és hogy nem is egy ez de volt meg van már csak mint azt még el ha vagy lesz után aki ami szerint ezt "
          "kell majd pedig lehet minden között ki így fel voltak be most mert",
    "tr": "ve bir bu da de için ile olarak çok daha ama gibi en olan kadar sonra her ne ki var göre değil diye bunu ya "
          "o oldu olduğunu ise yeni iki yok veya bile üzerinde arasında tarafından",
    "ca": "el la els les de del i en que un una per amb es al no més com és va ser als dels han ha seu seva però entre "
          "també fins des molt aquest aquesta on són quan perquè sense sobre ja li",
    "el": "ο η το οι τα του της των και να σε που για με στο στη στην από δεν θα είναι ότι τον την ένα μια ως "
          "αλλά τους στις στα κατά μετά ήταν έχει πως αυτό ή όπως πολύ έχουν",
    "ru": "и в на не что с по из он как это за от к для его у но было был была а так же то все о она они мы до при бы "
          "или уже года только который которые также их если после лет еще ещё под может",
    "uk": "і в на не що з по із він як це за від до для його у але було був була а так же та й про вона вони ми при би "
          "або вже року тільки який які також їх якщо після років ще під може є",
    "bg": "и в на не че с по от той как това за до за неговата но беше е са а така се да ще тя те ние при или вече "
          "година само който които също им ако след години още под може му като",
    "sr": "и у на не да с по из он како то за од до је су се али био била а тако или већ само који које такође их ако "
          "после година још под може што као ће сам бити",
    "ar": "في من على إلى أن التي الذي عن مع هذا هذه كان ما لا بعد قال بين كما قد وقد لم ذلك كل أو هو هي حتى عند خلال "
          "وقال ولم وفي منذ وكان غير إن أنه لن حيث قبل ثم",
    "fa": "و در به از که این را با است برای آن یک خود تا بر هم می‌شود شد کرد می بود شده باید گفت هر اما نیز دو ما "
          "هستند بین پس کرده ای های",
    "ur": "کے میں کی ہے اور سے کا کو اس نے کہ پر ہیں یہ بھی ایک وہ تھا جو کر کیا گیا ان لیے نہیں تو ہو تھے کہا",
    "he": "של את על לא הוא כי עם זה היא גם או אם אל כל יותר בין כדי אבל היה אחרי לפני שלא אך רק הם היו יש אין אשר כך "
          "מה לאחר ידי עוד זאת",
}  # fmt: skip

_LETTERS = {
    "fr": "àâæçéèêëîïôœùûüÿ", "de": "äöüß", "es": "áéíñóúü", "it": "àèéìíîòóù", "pt": "áâãàçéêíóôõúü", "nl": "éëïóöü",
    "sv": "åäöé", "da": "æøåé", "nb": "æøåéò", "fi": "äöå", "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž",
    "ro": "ăâîșțşţ", "hu": "áéíóöőúüű", "tr": "âçğıîöşüû", "ca": "àçéèíïòóúü",
}  # fmt: skip
_CYRILLIC = {
    "ru": "абвгдежзийклмнопрстуфхцчшщъыьэюяё", "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя", "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
}  # fmt: skip
_OWN_SCRIPT = {
    "el": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ", "he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيًٌٍَُِّْ", "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی",
    "ur": "ءآأؤئابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھیے", "en": "é",
}  # fmt: skip

LANGUAGES_OF_WORD: MappingProxyType[str, tuple[str, ...]]
"""Languages that a small word, in lower case, belongs to."""

LETTERS: MappingProxyType[str, frozenset[str]] = MappingProxyType(
    {language: frozenset(letters) for language, letters in {**_LETTERS, **_CYRILLIC, **_OWN_SCRIPT}.items()}
)
"""Letters beyond ASCII of each language."""


def _languages_of_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for language, words in _WORDS.items():
        for word in dict.fromkeys(words.split()):
            found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items()}


LANGUAGES_OF_WORD = MappingProxyType(_languages_of_word())
