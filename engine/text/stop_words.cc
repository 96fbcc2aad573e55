// SPDX-License-Identifier: Apache-2.0
//
// Articles, pronouns, prepositions, conjunctions, particles and forms of the auxiliary verbs: what
// stands in nearly every text and tells nothing of it. The lists were written for segue, but the
// English one, which is Lucene's.
#include "engine/text/stop_words.h"

#include <algorithm>
#include <iterator>

namespace segue {
namespace {

struct WordList {
  std::string_view name;
  std::string_view words;  // lower-case, a blank between them
};

constexpr WordList kWordLists[] = {
    {"arabic",
     "من في على عن إلى الى مع هذا هذه ذلك تلك هو هي هم هن انا أنا نحن انت أنت ان أن إن كان كانت "
     "يكون تكون لا ما لم لن قد لقد كل بعض غير بين بعد قبل عند حتى إذا اذا أو او ثم و ف ب ل ك الذي "
     "التي الذين كما فيه فيها به بها له لها لهم منه منها عليه عليها إليه اليه أي اي هل ليس منذ "
     "خلال "
     "حيث لكن كيف هناك هنا"},
    {"armenian",
     "և եւ ու կամ բայց իսկ որ որը որի որոնք թե եթե էլ այս այդ այն սա դա նա դու մենք դուք նրանք իր "
     "նրա մեր ձեր եմ ես է ենք եք են էր էի էին չի չէ մեջ վրա հետ մասին համար պես ըստ առ ի միայն "
     "այստեղ այնտեղ ինչ ով բոլոր մի"},
    {"basque",
     "eta edo baina ere ez bai da dira naiz zara gara zen ziren du dute dut dugu zuen zuten izan "
     "dela den hau hori hura hauek horiek ni zu gu zuek bat batzuk zein zer nor non noiz nola "
     "baino "
     "arte gabe bezala beste guzti haien bere gure zure"},
    {"catalan",
     "a al als amb aquell aquella aquells aquelles aquest aquesta aquests aquestes com d de del "
     "dels el ell ella elles ells els em en entre era eren es és està et fins ha han he hem i jo "
     "l la les li lo més meu mi molt ni no nosaltres o on per però perquè que què qui s sense ser "
     "seu seva seus si sí sobre són també teu tot tu un una unes uns us va van vosaltres"},
    {"danish",
     "af alle alt at blev blive bliver da de dem den denne der deres det dette dig din dine disse "
     "dog du efter eller en end er et for fra ham han hans har havde have hende hendes her hos hun "
     "hvad hvis hvor hvem i ikke ind jeg jer jo kunne man med men mig min mine mod ned noget nogle "
     "nu når og også om op os over på selv sig sin sine sit skal skulle som sådan thi til ud under "
     "var vi vil ville vor være været"},
    {"dutch",
     "aan al alles als altijd andere ben bij daar dan dat de der deze die dit doch doen door dus "
     "een eens en er ge geen geweest haar had heb hebben heeft hem het hier hij hoe hun iemand "
     "iets "
     "ik in is ja je kan kon kunnen maar me meer men met mij mijn moet na naar niet niets nog nu "
     "of "
     "om omdat onder ons ook op over reeds te tegen toch toen tot u uit uw van veel voor want "
     "waren "
     "was wat werd wezen wie wil worden wordt zal ze zelf zich zij zijn zo zonder zou"},
    {"english",
     "a an and are as at be but by for if in into is it no not of on or such that the their then "
     "there these they this to was will with"},
    {"finnish",
     "ei eivät ehkä eli en ette hän hänen he heidän ja jo joka jos joten jotka kanssa kuin kuka "
     "kun "
     "me meidän mikä minä minun mitä mutta myös ne niiden niin nämä ole olen oli olivat olla on "
     "ovat se sekä sen siinä sinä sitä tai te teidän tuo tämä tämän tässä vaan vai vaikka voi että "
     "itse koska ollut olisi nyt sillä"},
    {"french",
     "à a ai ainsi alors après as au aucun aussi autre aux avait avant avec avez avons c car ce "
     "cela ces cet cette ceux chez comme d dans de des donc dont du elle elles en entre es est et "
     "étaient était étant été être eu eux fut hors il ils j je l la le les leur leurs lui m ma "
     "mais "
     "me même mes moi mon n ne ni nos notre nous on ont ou où par pas pour qu quand que quel "
     "quelle "
     "qui s sa sans se sera ses si son sont sous sur t ta te tes toi ton tu un une vers vos votre "
     "vous y"},
    {"german",
     "aber als also am an auch auf aus bei beim bin bis bist da damit dann das dass daß dein dem "
     "den denn der des dich die dies diese diesem diesen dieser dieses dir doch du durch ein eine "
     "einem einen einer eines er es euch euer für gegen hab habe haben hat hatte hatten hier hin "
     "hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder "
     "jedes kann kein keine keinem keinen können man mein meine mich mir mit nach nicht noch nun "
     "nur ob oder ohne sehr sein seine seinem seinen seiner sich sie sind so solche soll über um "
     "und uns unser unter vom von vor war waren warst was weil wenn werde werden wie wieder wir "
     "wird wirst wo zu zum zur zwar zwischen"},
    {"greek",
     "ο η το οι τα του της των τον την τη τους τις στο στη στην στον στους στις στα ένα ένας μία "
     "μια ενός μιας και κι ή αλλά όμως ότι πως που να θα δεν δε μη μην για γιατί από με σε προς "
     "κατά μετά χωρίς παρά αν όταν όπως εγώ εσύ αυτός αυτή αυτό αυτοί αυτές αυτά εμείς εσείς μου "
     "σου μας σας είναι είμαι ήταν έχει έχουν είχε ως τι ποιος ποια όλα"},
    {"hindi",
     "का के की को से में पर ने है हैं था थी थे हो होता होती होते और या तो ही भी यह वह ये वे इस उस इन उन "
     "इसके उसके इसका उसका अपने अपना अपनी मैं हम तुम आप जो कि क्या कौन कब कहाँ कैसे नहीं न एक कुछ सब तक "
     "लिए साथ बाद जब तब अगर लेकिन कर करना किया गया रहा रहे रही हुआ हुई हुए"},
    {"hungarian",
     "a az egy és vagy de hogy is nem ne se sem ha már még csak meg el ki be fel le ez azt ezt "
     "ezek azok ő ők én te mi ti van volt vannak voltak lesz lenne lett ami aki amely amelyek akik "
     "mint mert majd pedig között által után előtt alatt fölött szerint minden ilyen olyan így úgy "
     "itt ott mikor hol sok nagyon kell lehet való"},
    {"indonesian",
     "yang dan di ke dari untuk pada dengan dalam adalah ini itu tidak akan oleh sebagai juga atau "
     "tetapi karena jika maka saya aku kamu anda dia ia kami kita mereka ada telah sudah belum "
     "bisa "
     "dapat lebih sangat hanya saja lagi masih seperti antara bagi para serta bahwa apa siapa "
     "kapan "
     "mana bagaimana agar hingga sampai setelah sebelum tersebut nya"},
    {"irish",
     "a ach ag agus an as ba ar cá cad céard chuig chun dá de do é ea eile faoi féin freisin "
     "ga gach gan go gur i í iad idir is le leis linn má mar mé mo muid na ná nach níl ní níor "
     "nó nuair ó ón os sa sé seo sí sibh sin siad sinn tá thar thart trí tú um bhí bhfuil"},
    {"italian",
     "a ad agli ai al alla alle allo anche avere aveva c che chi ci coi col come con cui da dagli "
     "dai dal dalla dalle dallo degli dei del dell della delle dello di dov dove e è ed era erano "
     "essere fu gli ha hai hanno ho i il in io l la le lei li lo loro lui ma me mi mia mie miei "
     "mio "
     "ne negli nei nel nella nelle nello noi non nostra nostro o per perché più quale quando "
     "quella "
     "quelle quelli quello questa queste questi questo se sei si sia siamo siete sono sta stato su "
     "sua sue sugli sui sul sulla sulle sullo suo suoi ti tra tu tua tuo tutti tutto un una uno vi "
     "voi vostra vostro"},
    {"lithuanian",
     "ir ar bei bet o kad jei jeigu kai kaip nes tai tas ta šis ši šie tie tos aš tu jis ji mes "
     "jūs "
     "jie jos mano tavo jo jų mūsų jūsų savo yra buvo bus būti nėra ne nei į iš su be per prie po "
     "apie už nuo iki ant pagal tarp dėl kuris kuri kurie kurios kas ką kur kada dar jau tik taip "
     "pat labai visi visos"},
    {"nepali",
     "र को का की लाई ले मा छ छन् थियो थिए हो हुन् यो त्यो यी ती म हामी तिमी तपाईं उनी ऊ उनले यस त्यस "
     "पनि नै तर वा कि भने गरेको गरे गर्ने भएको भयो छैन होइन एक के कुन कहाँ कसरी किन सँग देखि सम्म लागि "
     "बाट अनि जो जुन जब"},
    {"norwegian",
     "alle at av begge ble blei bli blir da de deg dei deira deim den denne der dere deres det "
     "dette di din disse ditt du dykk då eg ei ein eit eller en enn er et etter for fordi fra få "
     "før ha hadde han hans har henne hennes her hjå ho hun hva hvem hvis hvor hvordan i ikke "
     "ikkje "
     "inn ja jeg kan kun kunne kva kvar man med meg mellom men min mitt mot mye må ned noe noen "
     "nok "
     "nå når og også om opp oss over på seg selv si sia sin sine sitt skal skulle slik som så til "
     "um under ut uten var ved vi vil ville vår være vært å"},
    {"persian",  // as arabic_normalization and persian_normalization write them
     "و در به از كه اين ان را با است براي يك تا بر هم نيز مي شد بود شده شود كرد كرده كند خود "
     "ها هاي اي اما يا اگر هر همه ما من تو او شما انها انان ايشان بايد هيچ چه چون چرا كجا كي "
     "پس پيش روي زير بين هستند باشد بودند دارد دارند داشت نه نمي بي ولي مگر وقتي همين همان چند "
     "ديگر"},
    {"portuguese",
     "a à ao aos aquela aquele aqueles aquilo as às até com como da das de dela dele deles depois "
     "do dos e é ela elas ele eles em entre era eram essa essas esse esses esta está estas este "
     "estes eu foi foram há isso isto já lhe lhes mais mas me mesmo meu meus minha muito na não "
     "nas "
     "nem no nos nós nossa nosso num numa o os ou para pela pelas pelo pelos por porque qual "
     "quando "
     "que quem são se seja sem ser será seu seus só sua suas também te tem têm ter teu teve tu tua "
     "um uma umas uns você vocês"},
    {"romanian",
     "a acea aceasta această aceea acel acela acele acest acesta aceste acești al ale am ar are "
     "asta au avea ca că care când către ce cel cele cei cine cu cum da dacă dar de deci din după "
     "e "
     "ea ei el ele era erau este eu fi fie fost iar îi îl îmi în între își l la le lor lui "
     "mai mea mei meu mi ne nici noi nostru nu o ori pe pentru prin s sa să săi sale sau se spre "
     "sub sunt și ta te tu tot un una unei unor unui va voi vor vă"},
    {"russian",
     "а без более бы был была были было быть в вам вас весь во вот все всего всех вы где да даже "
     "для до его ее её если есть еще ещё же за здесь и из или им их к как ко когда кто ли либо мне "
     "может мы на над не него нее нет ни них но ну о об однако он она они оно от очень по под при "
     "с "
     "со так также такой там те тем то того тоже той только том ты у уже хотя чего чей чем что "
     "чтобы "
     "чье эта эти это этого этой этом этот я"},
    {"serbian",
     "i a ali ili da ne na u o od do za sa s iz po kao je su sam si smo ste bi bio bila bilo biti "
     "će ću se ga mu joj ih im ja ti on ona ono mi vi oni one ovaj ova ovo taj ta to koji koja "
     "koje "
     "što šta ko kako kad kada gde jer ako ni nije samo već još pre posle kod pri и а али или да "
     "не "
     "на у о од до за са с из по као је су сам си смо сте би био била било бити ће ћу се га му јој "
     "их им ја ти он она оно ми ви они оне овај ова ово тај та то који која које што шта ко како "
     "кад када где јер ако ни није само већ још пре после код при"},
    {"spanish",
     "a al algo algunas algunos ante antes aquel aquella aquellos como con contra cual cuando de "
     "del desde donde durante e el él ella ellas ellos en entre era eran eres es esa esas ese eso "
     "esos esta está están estas este esto estos fue fueron ha había han has hasta hay he la las "
     "le "
     "les lo los más me mi mis mucho muchos muy nada ni no nos nosotros nuestra nuestro o os otra "
     "otro otros para pero poco por porque que qué quien se sea ser si sí sido sin sobre son soy "
     "su "
     "sus también tanto te tiene tu tus un una uno unos vosotros y ya yo"},
    {"swedish",
     "alla allt att av blev bli blir de dem den denna deras dess dessa det detta dig din dina ditt "
     "du där då efter ej eller en er era ett från för ha hade han hans har henne hennes hon honom "
     "hur här i icke inte in jag ju kan kunde man med mellan men mig min mina mitt mot mycket ni "
     "nu "
     "när någon något några och om oss på samma sedan sig sin sina sitt själv skulle ska som så "
     "till under upp ut utan vad var vara varför vem vi vid vilka vilken vilket är över"},
    {"tamil",
     "ஒரு என்று மற்றும் இந்த இது என்ற கொண்டு என்பது பல ஆகும் அல்லது அவர் நான் உள்ள அந்த இவர் என "
     "முதல் என்ன இருந்து சில என் போன்ற வேண்டும் வந்து இதன் அது அவன் தான் பலரும் என்னும் மேலும் "
     "பின்னர் நீ நாம் நீங்கள் அவள் அவர்கள் இவை அவை எந்த யார் எங்கே ஆனால் இல்லை கூட மட்டும்"},
    {"turkish",
     "acaba ama ancak artık aslında az bana bazı belki ben beni benim bir biri birkaç biz bize "
     "bizi "
     "bizim bu buna bunda bundan bunu bunun böyle çok çünkü da daha de değil diye dolayı en gibi "
     "hem "
     "hep hepsi her hiç için ile ise kadar ki kim kime mi mu mü mı nasıl ne neden nerede niçin "
     "niye "
     "o olan olarak oldu olduğu olur ona ondan onlar onu onun sadece sana sen seni senin siz size "
     "sizi sizin sonra şey şu şöyle tüm üzere var ve veya ya yani yok"},
    {"yiddish",
     "און אָדער אבער אָבער אַז אז אַ אַן א אן די דער דאָס דאס דעם דעמ איז זענען זיינען זײַנען בין ביסט "
     "האָט האט האָבן האבן ניט נישט ער זי עס מיר איר זיי איך דו אין אויף מיט פֿון פון צו ביי בײַ פֿאַר "
     "פאר "
     "נאָך נאך ווי וואָס וואס ווער ווען וווּ ווו אויך נאָר נאר שוין זיך"},
};

}  // namespace

std::vector<std::string> StopWordLanguages() {
  std::vector<std::string> names;
  for (const WordList& language : kWordLists) names.emplace_back(language.name);
  return names;
}

std::vector<std::string> StopWordsOf(std::string_view language) {
  std::vector<std::string> words;
  const auto found = std::find_if(std::begin(kWordLists), std::end(kWordLists),
                                  [&](const WordList& known) { return known.name == language; });
  if (found == std::end(kWordLists)) return words;
  for (std::string_view rest = found->words; !rest.empty();) {
    const size_t blank = std::min(rest.find(' '), rest.size());
    words.emplace_back(rest.substr(0, blank));
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
  return words;
}

}  // namespace segue
