"""The set phrases around articles, in many languages: labels, credits, pointers to other articles, buttons.

A phrase is compared folded: without accents, case, vowel signs and typographic apostrophes, and word for word.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u0655\u0670\u0640\u200c-\u200f]")
# What Unicode does not take apart: strokes, ligatures, letters that Arabic and Persian write each in its own way.
_ALIKE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "ي": "ی", "ك": "ک", "ى": "ی", "ة": "ه", "ı": "i",
                        "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d"})  # fmt: skip
_MAX_WORDS, _MAX_DEBRIS = 6, 140
_EDGES = " .:：,;!?()[]«»“”\"'*–—-|>→…\u00a0"
_DIGIT = re.compile(r"\d")
_COPYRIGHT = re.compile(r"\(?(?:©|\(c\))\s*(?=\S)", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[:：]\s*")
_SPACELESS = re.compile("[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")


def folded(text: str) -> str:
    """A text as phrases are compared: no case, no accents, plain apostrophes, single spaces."""
    plain = text.casefold()
    if not plain.isascii():
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain)).translate(_ALIKE)
    return " ".join(plain.split())


def _word_set(words: str) -> frozenset[str]:
    return frozenset(folded(words).split())


class Phrase(StrEnum):
    """What a line that begins so is."""

    BYLINE = "byline"
    TAGS = "tags"
    CREDIT = "credit"  # of a picture
    SOURCE = "source"  # of a picture, or of the whole article
    CAPTION = "caption"
    RELATED = "related"


class Begun(NamedTuple):
    """A line that begins with a set phrase."""

    phrase: Phrase
    rest: str
    has_colon: bool


_PHRASES = {
    Phrase.BYLINE: (
        "by,written by,words by,text by,story by,reported by,posted by,published by,author,authors,"
        "from our correspondent,par,ecrit par,texte,texte de,texte par,auteur,auteure,auteurs,autrice,redige par,"
        "propos recueillis par,publie par,von,ein bericht von,text,text von,autor,autorin,autoren,por,escrito por,"
        "texto,texto de,autora,autores,redactado por,di,a cura di,scritto da,testo di,autore,autrice,da,de,door,"
        "geschreven door,tekst,auteurs,av,skrevet av,skrevet af,af,skriven av,text av,tekst av,tekst af,teksti,"
        "kirjoittaja,kirjoittanut,tekst,autor tekstu,napisal,napisala,napsal,napsala,text a foto,scris de,irta,"
        "szerzo,yazan,haber,yazar,του,της,γραφει,συντακτης,per,escrit per,автор,авторы,текст,автор текста,"
        "автор статьи,автори,тексту,від,от,пише,بقلم,کتب,کتبت,کتابه,اعداد,تحریر,تقریر,نویسنده,به قلم,نوشته,گزارش,"
        "מאת,כתב,כתבה,作者,文,記者,记者,撰文,編輯,筆者,著者,執筆,글,기자,tac gia,oleh,penulis,autorka"
    ),
    Phrase.TAGS: (
        "tag,tags,tagged,tagged with,tagged as,filed under,keywords,keyword,key words,labels,label,topics,topic,"
        "categories,category,posted in,more on,mots cles,mot cle,mots-cles,mot-cle,etiquettes,etiquette,"
        "classe sous,classe dans,categorie,rubrique,rubriques,themes,thematiques,sujets,schlagworter,schlagworte,"
        "schlagwort,stichworter,stichworte,stichwort,kategorie,kategorien,themen,thema,etiquetas,etiqueta,"
        "palabras clave,palabra clave,temas,categorias,categoria,archivado en,parole chiave,parola chiave,"
        "etichette,argomenti,categorie,palavras-chave,palavras chave,marcadores,assuntos,trefwoorden,onderwerpen,"
        "tagi,slowa kluczowe,etykiety,kategorie,tematy,метки,метка,теги,тег,ключевые слова,рубрика,рубрики,"
        "категория,темы,теґи,мітки,ключові слова,категорія,теми,الوسوم,وسوم,وسم,کلمات مفتاحیه,کلمات دلالیه,"
        "الکلمات المفتاحیه,الکلمات الدلالیه,التصنیفات,برچسب ها,برچسبها,برچسب,کلیدواژه ها,کلیدواژه,کلمات کلیدی,"
        "תגיות,תגית,תגים,מילות מפתח,קטגוריה,标签,標籤,关键词,關鍵字,关键字,分类,分類,タグ,キーワード,カテゴリ,"
        "태그,키워드,etiketler,etiket,anahtar kelimeler,kategori,taggar,etiketter,amnesord,nyckelord,amnen,"
        "emneord,emner,stikord,stikkord,nokkelord,avainsanat,tunnisteet,asiasanat,aiheet,stitky,klicova slova,"
        "temata,etichete,cuvinte cheie,cimkek,kulcsszavak,ετικετες,λεξεις κλειδια,etiquetes,paraules clau,tu khoa,"
        "kata kunci,ключови думи,етикети,oznake"
    ),
    Phrase.CREDIT: (
        "photo,photos,photo credit,photo credits,photo by,photos by,photograph,photograph by,photography by,"
        "picture,pictures,picture by,image,images,image credit,image by,credit,credits,illustration,illustrations,"
        "illustration by,graphic,infographic,infographics,credit photo,credits photo,credits photos,credit image,"
        "photo de,photo d'archives,photo illustration,illustration de,infographie,infographies,dessin,foto,fotos,"
        "fotografie,fotocredit,bild,bilder,bildnachweis,bildrechte,grafik,illustration von,foto von,foto de,"
        "fotos de,fotografia,fotografias,fotografia de,imagen,imagenes,credito,creditos,ilustracion,foto di,"
        "immagine,crediti,illustrazione,imagem,imagens,ilustracao,foto van,beeld,afbeelding,illustratie,zdjecie,"
        "zdjecia,fot,autor zdjecia,grafika,rys,фото,фотография,фото автора,снимок,иллюстрация,изображение,"
        "світлина,ілюстрація,зображення,صوره,الصوره,تصویر,مصور,عکس,عکاس,صورة,צילום,תמונה,צילומים,קרדיט,איור,图,图片,"
        "摄影,摄,攝影,圖,写真,画像,撮影,사진,fotograf,foto av,foto af,fotograf av,kuva,kuvat,valokuva,snimek,fotograf,"
        "foto de arhiva,foto credit,sursa foto,kep,felvetel,φωτο,φωτογραφια,φωτογραφιες,εικονα,fotografia de,anh,"
        "снимка,fotografija"
    ),
    Phrase.SOURCE: (
        "source,sources,image source,photo source,quelle,quellen,bildquelle,fuente,fuentes,fonte,fonti,bron,"
        "zrodlo,источник,джерело,المصدر,مصدر,منبع,מקור,来源,图片来源,圖片來源,出典,출처,kaynak,kalla,kilde,lahde,"
        "zdroj,sursa,forras,πηγη,font,foto bron,fuente de la imagen"
    ),
    Phrase.CAPTION: (
        "caption,legende,bildunterschrift,bildtext,pie de foto,pie de imagen,didascalia,legenda,bijschrift,"
        "onderschrift,подпись,подпись к фото,підпис,تعلیق الصوره,کپشن,podpis,billedtekst,kuvateksti,resim alti"
    ),
    Phrase.RELATED: (
        "read also,also read,see also,read more,read next,read this,related,related article,related articles,"
        "related stories,related posts,related news,more on this,more on this story,further reading,recommended,"
        "recommended for you,you may also like,you might also like,don't miss,lire aussi,a lire aussi,a lire,"
        "lire egalement,a lire egalement,voir aussi,a voir aussi,lire la suite,a decouvrir,a decouvrir aussi,"
        "sur le meme sujet,sur le meme theme,articles similaires,articles lies,article lie,notre dossier,"
        "aussi sur le site,vous aimerez aussi,lesen sie auch,lies auch,auch interessant,mehr zum thema,zum thema,"
        "siehe auch,weiterlesen,das konnte sie auch interessieren,passend dazu,lesen sie mehr,lesen sie hier,"
        "ahnliche artikel,lea tambien,lee tambien,leer tambien,ver tambien,vea tambien,te puede interesar,"
        "le puede interesar,tambien te puede interesar,noticias relacionadas,articulos relacionados,"
        "noticia relacionada,mas informacion,leggi anche,vedi anche,potrebbe interessarti,ti potrebbe interessare,"
        "potrebbe interessarti anche,articoli correlati,per approfondire,leia tambem,leia mais,veja tambem,"
        "saiba mais,artigos relacionados,noticias relacionadas,pode interessar,lees ook,zie ook,lees verder,"
        "lees meer,gerelateerd,gerelateerde artikelen,meer over dit onderwerp,czytaj tez,czytaj takze,"
        "czytaj rowniez,przeczytaj takze,przeczytaj tez,przeczytaj rowniez,zobacz takze,zobacz tez,zobacz rowniez,"
        "polecamy,polecane,powiazane artykuly,читаите также,читаите еще,смотрите также,по теме,материалы по теме,"
        "еще по теме,похожие статьи,вам может быть интересно,читаите також,дивіться також,за темою,схожі статті,"
        "اقرا ایضا,اقرا المزید,اقرا ایضا في,طالع ایضا,شاهد ایضا,انظر ایضا,مواضیع ذات صله,مقالات ذات صله,"
        "اخبار ذات صله,قد یهمک ایضا,بیشتر بخوانید,همچنین بخوانید,بخوانید,مطالب مرتبط,اخبار مرتبط,קראו גם,קראו עוד,"
        "קרא גם,ראו גם,כתבות נוספות,עוד בנושא,אולי יעניין אתכם,相关阅读,相关新闻,延伸阅读,延伸閱讀,推荐阅读,"
        "相關新聞,相关文章,関連記事,あわせて読みたい,関連ニュース,관련 기사,관련기사,ilgili haber,ilgili haberler,"
        "ilgili yazilar,ayrica okuyun,bunlari da okuyun,bunu da okuyun,ayrica bakiniz,las ocksa,las aven,las mer,"
        "se ocksa,relaterat,relaterade artiklar,laes ogsa,les ogsa,les mer,se ogsa,lue myos,katso myos,lue lisaa,"
        "ctete take,ctete tez,prectete si take,cist dale,souvisejici,souvisejici clanky,citeste si,"
        "citeste mai mult,vezi si,articole similare,olvasd el ezt is,olvassa el ezt is,kapcsolodo cikkek,"
        "διαβαστε επισης,διαβαστε ακομα,δειτε επισης,σχετικα αρθρα,llegiu tambe,llegeix tambe,vegeu tambe,"
        "xem them,baca juga,прочетете още,вижте също,procitajte i"
    ),
}

# Words of buttons and counters. A line of nothing but these is one, if a word of `_ACTS` or two services are in it.
_ACTS = _word_set(
    "share shares sharing tweet retweet tweeter partager partagez partage partages teilen twittern compartir "
    "compartilhar comparte condividi condividere delen deel udostepnij podziel поделиться поделитесь поделился "
    "поділитися поділіться شارک مشارکه شارکها انشر شיתוף שתף שתפו اشتراک‌گذاری اشتراکگذاری اشتراک 分享 分享到 "
    "シェア シェアする ツイート 공유 공유하기 paylas paylasin dela jaa sdilet sdilejte distribuie megosztas "
    "κοινοποιηση μοιραστειτε compartiu споделете podeli"
)
_ACTS_WITH_SERVICE = _word_set(
    "del send envoyer envoie senden verschicken versturen enviar invia wyslij отправить надіслати ارسال שלח "
    "lahettaa skicka gonder click cliquez klicken follow suivez folgen folgt sigue siga siguenos seguici volg "
    "obserwuj подписывайтесь join rejoignez abonnieren like"
)
_SERVICES = _word_set(
    "facebook twitter x whatsapp telegram linkedin pinterest reddit tumblr messenger instagram vk вконтакте "
    "одноклассники viber skype pocket flipboard mastodon bluesky threads xing line weibo 微博 微信 qq wechat signal "
    "email e-mail mail courriel print imprimer imprimez drucken imprimir stampa afdrukken printen drukuj печать "
    "распечатать друк طباعه הדפסה הדפס چاپ yazdir skriv tulosta tisk bookmark favoris copy copier "
    "facebook-messenger فیسبوک تویتر واتساب واتس تلغرام تیلیغرام פייסבוק טוויטר ווטסאפ טלגרם وایبر تلگرام واتس‌اپ"
)
_AROUND = _word_set(
    "this article story post page on to via in with by the a an of new window opens open your friends friend link "
    "sur le la les cet cette par un une ami amis avec lien ouvre dans nouvelle fenetre auf per und den dem diesen "
    "artikel beitrag link kopieren en este articulo por con un amigo el enlace copiar su questo articolo via dit "
    "bericht op na do w ze w tym artykul в на через с друзьями в соцсетях соцсети статью статья ссылку копировать "
    "علی عبر المقال الخبر على رابط نسخ برای در ב את הכתבה na at bu haberi da de pa pa artikeln artikkelen "
    "artiklen tama link tweet pin it plus google+ us more ! & + | / , loading rss newsletter options all save"
)
_WORDS_OF_BUTTONS = _word_set(
    "menu search suche rechercher recherche buscar cerca zoeken szukaj поиск пошук بحث חיפוש sok listen ecouter "
    "escuchar ascolta anhoren play enregistrer save subscribe ad ads advertising pub comments commentaires "
    "kommentare comentarios commenti reacties komentarze комментарии коментарі التعلیقات نظرات תגובות kommentarer "
    "komentare more plus mehr"
)
_DEBRIS = {
    "a counter or a note about comments": (
        "leave a comment,leave a reply,no comments,comments are closed,add comment,join the discussion,"
        "laisser un commentaire,aucun commentaire,commenter,les commentaires sont fermes,reagir,"
        "reagissez,kommentar schreiben,keine kommentare,kommentieren,deja un comentario,"
        "sin comentarios,comentar,lascia un commento,nessun commento,deixe um comentario,"
        "reageer,geen reacties,plaats een reactie,brak komentarzy,skomentuj,dodaj komentarz,"
        "комментариев нет,оставить комментарий,добавить комментарий,залишити коментар,"
        "اترک تعلیقا,لا توجد تعلیقات,اضف تعلیق,دیدگاه ها,ارسال دیدگاه,הוסף תגובה,发表评论,评论,"
        "コメント,コメントを残す,댓글,yorumlar,yorum yap,yorum yaz,kommentera,kommenter,kommentit,komentare"
    ),
    "an advertising label": (
        "advertisement,sponsored,sponsored content,promoted,"
        "story continues below advertisement,publicite,la suite apres cette publicite,"
        "suite apres la publicite,anzeige,werbung,publicidad,anuncio,pubblicita,publicidade,"
        "continua depois da publicidade,advertentie,reklama,reklam,реклама,إعلان,اعلان,آگهی,تبلیغات,פרסומת,广告,広告,"
        "광고,annons,annonse,annonce,mainos,publicitate,hirdetes,διαφημιση,publicitat"
    ),
    "a button": (
        "like this,like loading,loading,loading...,chargement,chargement...,j'aime,j'aime ca,j'aime chargement,"
        "gefallt mir,gefallt mir wird geladen,me gusta,me gusta cargando,mi piace,mi piace caricamento,print this,"
        "print this article,imprimer cet article,artikel drucken,copy link,copier le lien,link kopieren,"
        "copiar enlace,copia link,copiar link,kopieer link,kopiuj link,скопировать ссылку,نسخ الرابط,העתק קישור,"
        "save for later,listen to this article,ecouter cet article,artikel anhoren,"
        "continue reading,continue reading below,read full article,lire l'article,voir plus,show more,"
        "load more,back to top,retour en haut,haut de page,nach oben,volver arriba,torna su,skip to content,"
        "skip to main content,aller au contenu,zum inhalt springen,"
        "s'abonner,abonnez-vous,sign in,log in,se connecter,subscribe to our newsletter,"
        "sign up for our newsletter,sign up to our newsletter,abonnez-vous a notre newsletter,"
        "inscrivez-vous a notre newsletter,newsletter abonnieren,suscribete,suscribete a nuestra newsletter,"
        "suscribete a nuestro boletin,iscriviti alla newsletter,assine nossa newsletter,"
        "schrijf je in voor de nieuwsbrief,zapisz sie do newslettera,подписаться,підписатися,اشترک,"
        "اشترک في نشرتنا,הירשמו לניוזלטר,download pdf,telecharger le pdf,next article,previous article,"
        "article suivant,article precedent,zum seitenanfang"
    ),
}
_COUNTED = (
    "comments? shares? views? likes? commentaires? partages? vues? kommentare? mal.geteilt comentarios? "
    "compartidos? commenti condivisioni comentários? reacties komentarz[ey]? komentarzy комментари(?:й|я|ев) "
    "просмотр(?:а|ов)? коментар(?:і|ів)? перегляд(?:и|ів)? تعليق(?:ات)? مشاهدة תגובות צפיות نظر yorum kommentarer "
    "kommenttia 条评论 コメント"
).replace(" ", "|")
_COUNTS = re.compile(rf"[\d.,\u00a0 ]+[kKmM]?\s+(?:{_COUNTED})|(?:{_COUNTED})\s*[:(]?\s*[\d.,]+\)?", re.IGNORECASE)
_READING_LABEL = (
    "reading.time estimated.reading.time read.time temps.de.lecture temps.de.lecture.estimé lecture lesezeit lesedauer "
    "tiempo.de.lectura lectura tempo.di.lettura tempo.de.leitura leestijd czas.czytania время.чтения время.на.чтение "
    "час.читання زمن.القراءة وقت.القراءة زمان.مطالعه זמן.קריאה 阅读时间 okuma.süresi lästid lesetid læsetid lukuaika"
).replace(" ", "|")
_MINUTES = r"(?:min\w*\.?|mn|мин\w*\.?|хв\w*\.?|دقائق|دقيقة|دقیقه|דקות|分钟|分|dk|dakika|perc)"
_READING_TIME = re.compile(
    rf"(?:{_READING_LABEL})\s*[:：]?\s*(?:ca\.?|env\.?|environ|about|~)?\s*\d+\s*-?\s*{_MINUTES}"
    r"(?:\s+(?:read|de lecture))?"
    r"|\d+\s*-?\s*min(?:ute)?s?\.?\s*(?:read|reading time|de lecture|lesezeit|de lectura|di lettura|de leitura|leestijd"
    r"|okuma)"
    r"|読了時間\s*[:：]?\s*(?:約\s*)?\d+\s*分",
    re.IGNORECASE,
)


def begun(text: str) -> Begun | None:
    """The set phrase that a line begins with, the longest one, and what follows it."""
    if text[:1] in "©(" and (sign := _COPYRIGHT.match(text)):
        return Begun(Phrase.CREDIT, text[sign.end() :], True)
    words = text.split(None, _MAX_WORDS)
    if not words or not _may_begin(words[0]):
        return None
    head, colon, _ = _head(text)
    if colon and (phrase := _BY_TEXT.get(_stripped(head))):
        return Begun(phrase, text[len(head) :].lstrip(" \u00a0\u202f:：–—-"), True)
    keys = folded(" ".join(words[:_MAX_WORDS])).split()
    for count in range(min(len(keys), len(words), _MAX_WORDS), 0, -1):
        if phrase := _BY_TEXT.get(" ".join(keys[:count]).strip(_EDGES)):
            last = text.find(words[count - 1], _length(words[: count - 1], text)) + len(words[count - 1])
            rest = text[last:].strip()
            has_sign = text[last - 1] in ":：" or rest[:1] in ("–", "—", "-", "/", "|", "©", "»", ">", "→", ":")
            return Begun(phrase, rest.lstrip("–—-/|:»>→ "), has_sign)
    return None


def debris_of(line: str) -> str:
    """Why a line is no part of an article but a button, a counter or the like; "" where it may be one."""
    if len(line) > _MAX_DEBRIS or not _may_be_debris(line):
        return ""
    key = _stripped(folded(line))
    if reason := _DEBRIS_BY_TEXT.get(key):
        return reason
    if _DIGIT.search(line):
        if _READING_TIME.fullmatch(line.strip(" ()[]|•·–—")):
            return "a reading time"
        if _COUNTS.fullmatch(line.strip(" ()[]|•·–—")):
            return "a counter or a note about comments"
    return "a share button" if _is_button(key) else ""


def may_be_button(line: str) -> bool:
    """Whether a line is a word that is a button on pages and may be a heading too: "Menu", "Twitter"."""
    if len(line) > _MAX_DEBRIS:
        return False
    key = _first_key(line)
    if key in _WORDS_OF_BUTTONS and key == _stripped(folded(line)):
        return True
    if key not in _SERVICES:
        return False
    words = [word for word in re.split(r"[\s|,/•·]+", folded(line)) if word]
    return 0 < len(words) <= 8 and all(word.strip("().") in _SERVICES for word in words)


def _is_button(key: str) -> bool:
    words = [word.strip("().:!…") for word in re.split(r"[\s|,/•·]+", key)]
    words = [word for word in words if word and not word.replace("k", "").isdigit()]
    if not words or not all(word in _ACTS or word in _SERVICES or word in _BUTTON_WORDS for word in words):
        return False
    services = sum(word in _SERVICES for word in words)
    if any(word in _ACTS for word in words):
        return True
    return services > 1 or (bool(services) and any(word in _ACTS_WITH_SERVICE for word in words))


def _head(text: str) -> tuple[str, str, str]:
    match = _SEPARATOR.search(text, 0, 60)
    return (text[: match.start()], ":", text[match.end() :]) if match else (text, "", "")


def _stripped(text: str) -> str:
    return folded(text).strip(_EDGES)


def _length(words: list[str], text: str) -> int:
    position = 0
    for word in words:
        position = text.find(word, position) + len(word)
    return position


@lru_cache(maxsize=16_384)
def _may_begin(word: str) -> bool:
    key = _key_of_word(word)
    return key in _FIRST_WORDS or not key or bool(_SPACELESS.match(word))


def _may_be_debris(line: str) -> bool:
    key = _first_key(line)
    return key in _DEBRIS_STARTS or key[:1].isdigit() or bool(_SPACELESS.match(key))


def _first_key(line: str) -> str:
    return _key_of_word(line.split(None, 1)[0]) if line and not line.isspace() else ""


@lru_cache(maxsize=16_384)
def _key_of_word(word: str) -> str:
    """The first word of a line as it is looked up, without what stands behind its colon."""
    return _stripped(_head(word)[0])


_BY_TEXT = MappingProxyType(
    {folded(text): phrase for phrase, texts in reversed(_PHRASES.items()) for text in texts.split(",")}
)
_FIRST_WORDS = frozenset(text.split(" ")[0] for text in _BY_TEXT)
_DEBRIS_BY_TEXT = MappingProxyType(
    {_stripped(text): reason for reason, texts in _DEBRIS.items() for text in texts.split(",")}
)
_BUTTON_WORDS = _AROUND | _ACTS_WITH_SERVICE
_DEBRIS_STARTS = (
    frozenset(text.split(" ")[0] for text in _DEBRIS_BY_TEXT)
    | _word_set(re.sub(r"[.?()|\[\]:]", " ", f"{_COUNTED} {_READING_LABEL}"))
    | (_BUTTON_WORDS | _ACTS | _SERVICES)
)
