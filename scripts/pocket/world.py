"""What the pocket model knows: classes, their words and picture kinds, further concepts, scenes.

A *kind* is a set of icons (one per icon set, where it exists). A *word* draws kinds with its own weights and
leans to its own icon sets, so that the synonyms of a class have overlapping but different pictures.
"""

TRAIN_SETS = ["noto", "noto-v1", "fxemoji", "fluent-emoji", "fluent-emoji-flat", "twemoji", "emojione",
              "streamline-emojis"]
DRAWN_SETS = ["noto", "fluent-emoji", "fluent-emoji-flat", "twemoji"]  # what the U-Net learns: complete, of one kind
HELD_OUT_SETS = ["openmoji", "emojione-v1"]  # CC BY-SA: never trained on, only used to measure the scorer
STYLES = {"cartoon": ["noto", "noto-v1", "fxemoji"], "3d": ["fluent-emoji"],
          "flat": ["fluent-emoji-flat", "twemoji"], "simple": ["emojione", "streamline-emojis"]}

# class -> (super-class, fitting scenes, {kind: icon names}, {word: "kind:weight ... [tint]"}); the first word is the class
CLASSES = {
    "airplane": ("vehicle", "sky sky sky night sunset sea snow ground", {
        "airliner": "airplane", "lightplane": "small-airplane", "takeoff": "airplane-departure",
        "landing": "airplane-arrival"}, {
        "airplane": "airliner:4 lightplane:3 takeoff:3 landing:3",
        "aircraft": "lightplane:5 landing:2 airliner:1", "plane": "airliner:5 landing:3 lightplane:1",
        "jet": "takeoff:5 airliner:2", "airliner": "airliner:1", "biplane": "lightplane:1 +warm",
        "propeller plane": "lightplane:1"}),
    "automobile": ("vehicle", "road road road ground desert snow grass night", {
        "sedan": "automobile", "frontcar": "oncoming-automobile", "taxicab": "taxi oncoming-taxi",
        "racer": "racing-car racecar", "patrol": "police-car oncoming-police-car", "offroad": "sport-utility-vehicle"}, {
        "automobile": "sedan:5 frontcar:3 taxicab:2 patrol:1 offroad:2",
        "car": "sedan:5 frontcar:2 taxicab:1", "vehicle": "offroad:4 frontcar:3 patrol:1",
        "motorcar": "sedan:4 racer:1 taxicab:2", "taxi": "taxicab:1", "cab": "taxicab:4 sedan:1",
        "police car": "patrol:1", "racing car": "racer:1", "suv": "offroad:1", "jeep": "offroad:1 +green",
        "sedan": "sedan:1"}),
    "bird": ("animal", "sky sky grass grass sea snow forest sunset", {
        "songbird": "bird", "pigeon": "dove doveofpeace", "raptor": "eagle", "raven": "black-bird blackbird",
        "mallard": "duck", "macaw": "parrot", "nightowl": "owl", "hen": "chicken rooster",
        "waterfowl": "swan goose flamingo", "polar": "penguin", "fan": "peacock", "chicks": "baby-chick hatching-chick"}, {
        "bird": "songbird:6 pigeon:3 raven:3 mallard:2 macaw:2",
        "avian": "macaw:4 songbird:3 raptor:2", "fowl": "mallard:4 hen:3 waterfowl:3 songbird:1",
        "winged creature": "raptor:4 pigeon:4 nightowl:2", "eagle": "raptor:1", "dove": "pigeon:1", "duck": "mallard:1",
        "parrot": "macaw:1", "owl": "nightowl:1", "penguin": "polar:1", "swan": "waterfowl:1", "crow": "raven:1",
        "chicken": "hen:1", "chick": "chicks:1", "peacock": "fan:1"}),
    "cat": ("animal", "grass grass ground forest snow road plain", {
        "tabby": "cat catside", "catface": "cat-face", "blackcat": "black-cat",
        "smiley": "grinning-cat kissing-cat smiling-cat-with-heart-eyes cat-with-wry-smile pouting-cat"}, {
        "cat": "tabby:5 catface:4 blackcat:3 smiley:2", "feline": "blackcat:4 tabby:3", "kitty": "catface:4 smiley:4 tabby:1",
        "housecat": "tabby:4 catface:3", "black cat": "blackcat:1", "kitten": "catface:3 smiley:1 +light",
        "tabby": "tabby:1 +warm"}),
    "deer": ("animal", "forest forest grass grass snow ground sunset", {
        "reddeer": "deer", "bigdeer": "moose"}, {
        "deer": "reddeer:5 bigdeer:2", "hart": "reddeer:3 bigdeer:1 +warm", "stag": "reddeer:3 bigdeer:3 +dark",
        "doe": "reddeer:1 +light", "moose": "bigdeer:1", "elk": "bigdeer:3 reddeer:1 +dark",
        "reindeer": "reddeer:1 +cool", "fawn": "reddeer:1 +warm +light"}),
    "dog": ("animal", "grass grass ground road snow desert plain", {
        "mutt": "dog dogside", "dogface": "dog-face", "fancydog": "poodle", "guidedog": "guide-dog", "helpdog": "service-dog"}, {
        "dog": "mutt:4 dogface:4 fancydog:2 guidedog:2 helpdog:2", "canine": "guidedog:3 helpdog:3 mutt:2",
        "pooch": "fancydog:3 dogface:4", "hound": "mutt:5 guidedog:2", "poodle": "fancydog:1", "puppy": "dogface:1 +light",
        "guide dog": "guidedog:1", "service dog": "helpdog:1", "terrier": "mutt:3 dogface:1 +dark"}),
    "frog": ("animal", "grass grass forest sea ground plain", {"frogface": "frog frog-face"}, {
        "frog": "frogface:1", "amphibian": "frogface:1 +cool", "anuran": "frogface:1 +dark", "tadpole": "frogface:1 +light",
        "toad": "frogface:1 +brown", "bullfrog": "frogface:1 +dark +warm", "tree frog": "frogface:1 +bright"}),
    "horse": ("animal", "grass grass ground desert snow forest road", {
        "fullhorse": "horse", "horseface": "horse-face", "race": "horse-racing", "carousel": "carousel-horse"}, {
        "horse": "fullhorse:5 horseface:4 race:1", "equine": "horseface:4 fullhorse:2", "steed": "fullhorse:4 race:2 +dark",
        "mount": "fullhorse:3 race:3 horseface:1", "pony": "fullhorse:3 horseface:1 +light", "stallion": "fullhorse:1 +dark",
        "mare": "horseface:1 +warm", "racehorse": "race:1"}),
    "ship": ("vehicle", "sea sea sea sea sunset night snow sky", {
        "liner": "passenger-ship", "steamer": "ship", "ferryboat": "ferry", "launch": "motor-boat", "fastboat": "speedboat",
        "sail": "sailboat"}, {
        "ship": "steamer:4 liner:4 ferryboat:3 sail:2", "vessel": "liner:4 ferryboat:3 steamer:1",
        "boat": "launch:3 sail:3 fastboat:1 steamer:1", "watercraft": "fastboat:4 launch:2 ferryboat:2", "ferry": "ferryboat:1",
        "sailboat": "sail:1", "speedboat": "fastboat:1", "cruise ship": "liner:1", "motorboat": "launch:1",
        "yacht": "sail:2 launch:1"}),
    "truck": ("vehicle", "road road road ground desert snow grass night", {
        "boxtruck": "delivery-truck", "semi": "articulated-lorry", "pickup": "pickup-truck", "firetruck": "fire-engine"}, {
        "truck": "boxtruck:4 semi:4 pickup:3 firetruck:2", "lorry": "semi:4 boxtruck:3", "rig": "semi:5 firetruck:1 +dark",
        "hauler": "boxtruck:3 pickup:4", "fire engine": "firetruck:1", "fire truck": "firetruck:1", "pickup truck": "pickup:1",
        "delivery van": "boxtruck:1"}),
}
SYNONYMS = {name: list(words)[1:4] for name, (_, _, _, words) in CLASSES.items()}

# word -> (group, icon names, fitting scenes)
OTHERS = {
    "cloud": ("weather", "cloud", "sky sky sunset night"), "sun": ("weather", "sun sun-with-face", "sky sunset sea desert"),
    "moon": ("weather", "crescent-moon full-moon last-quarter-moon waning-crescent-moon", "night night sky"),
    "star": ("weather", "star glowing-star", "night night sky"), "rainbow": ("weather", "rainbow", "sky grass sea"),
    "tree": ("plant", "deciduous-tree evergreen-tree", "grass ground sky snow"),
    "palm tree": ("plant", "palm-tree", "desert sea sky sunset"), "cactus": ("plant", "cactus", "desert ground"),
    "flower": ("plant", "tulip rose hibiscus blossom cherry-blossom", "grass ground plain"),
    "sunflower": ("plant", "sunflower", "grass sky plain"), "mushroom": ("plant", "mushroom", "forest grass ground"),
    "apple": ("food", "red-apple green-apple", "plain grass ground"), "banana": ("food", "banana", "plain ground"),
    "strawberry": ("food", "strawberry", "plain grass"), "pizza": ("food", "pizza", "plain ground"),
    "hamburger": ("food", "hamburger", "plain ground"), "cake": ("food", "birthday-cake shortcake", "plain ground"),
    "house": ("building", "house house-with-garden", "grass snow ground road"), "castle": ("building", "castle", "grass sunset snow"),
    "church": ("building", "church", "grass snow sky"), "mountain": ("building", "mountain snow-capped-mountain mount-fuji", "sky snow grass"),
    "fish": ("creature", "fish tropical-fish blowfish", "sea sea"), "whale": ("creature", "spouting-whale whale", "sea sea"),
    "turtle": ("creature", "turtle", "sea grass ground"), "snail": ("creature", "snail", "grass forest"),
    "butterfly": ("creature", "butterfly", "grass sky forest"), "bee": ("creature", "honeybee", "grass sky"),
    "elephant": ("creature", "elephant", "grass ground desert"), "lion": ("creature", "lion lionface", "grass desert ground"),
    "tiger": ("creature", "tiger tiger-face", "forest grass"), "bear": ("creature", "bear bearface", "forest snow grass"),
    "panda": ("creature", "panda pandaface", "forest grass"), "monkey": ("creature", "monkey monkey-face", "forest grass"),
    "pig": ("creature", "pig pig-face", "grass ground"), "cow": ("creature", "cow cow-face", "grass ground"),
    "rabbit": ("creature", "rabbit rabbit-face", "grass snow"), "zebra": ("creature", "zebra", "grass desert"),
    "train": ("transport", "locomotive train high-speed-train", "ground grass snow"),
    "bus": ("transport", "bus oncoming-bus", "road road"), "bicycle": ("transport", "bicycle", "road grass ground"),
    "motorcycle": ("transport", "motorcycle", "road desert"), "tractor": ("transport", "tractor", "grass ground"),
    "rocket": ("transport", "rocket", "sky night"), "helicopter": ("transport", "helicopter", "sky sky sea night"),
    "balloon": ("thing", "balloon", "sky plain"), "umbrella": ("thing", "umbrella umbrella-with-rain-drops", "plain sea ground"),
    "guitar": ("thing", "guitar", "plain ground"), "ball": ("thing", "soccer-ball basketball", "grass ground plain"),
    "robot": ("thing", "robot robotface", "plain ground"), "snowman": ("thing", "snowman snowman-without-snow", "snow snow"),
}
RELATED = {"zebra": "horse", "bus": "automobile", "helicopter": "airplane", "rocket": "airplane", "tiger": "cat", "lion": "cat"}

# scene -> (words, the first names it; phrase behind a caption)
SCENES = {
    "sky": (["sky", "blue sky"], "in the sky"), "night": (["night", "night sky"], "at night"),
    "sunset": (["sunset", "dusk"], "at sunset"), "sea": (["sea", "ocean", "water"], "on the sea"),
    "ground": (["ground", "soil"], "on the ground"), "grass": (["grass", "meadow", "field"], "on the grass"),
    "road": (["road", "street"], "on the road"), "snow": (["snow"], "in the snow"),
    "desert": (["desert", "sand"], "in the desert"), "forest": (["forest", "woods"], "in the forest"),
    "plain": (["plain background"], "on a plain background"),
}
COLORS = {"red": 0.0, "orange": 0.08, "yellow": 0.14, "green": 0.36, "blue": 0.61, "purple": 0.77, "pink": 0.91}
COLORED = ("automobile", "truck", "ship", "flower", "house", "balloon", "umbrella", "bus", "airplane", "fish", "butterfly",
           "bird", "tractor", "bicycle")
# tint -> hue shift, saturation factor, value factor
TINTS = {"warm": (-0.03, 1.25, 0.95), "cool": (0.07, 0.85, 1.0), "dark": (0.0, 1.0, 0.68), "light": (0.0, 0.7, 1.22),
         "brown": (-0.22, 0.8, 0.7), "bright": (0.02, 1.5, 1.12), "green": (0.3, 0.8, 0.8)}
TEMPLATES = [("a photo of the {}", 6), ("a photo of a {}", 5), ("a picture of a {}", 2), ("a picture of the {}", 1),
             ("a picture of {}", 1), ("an image of a {}", 2), ("an image of the {}", 1), ("{}", 3), ("a {}", 3), ("the {}", 2),
             ("a photo of {}", 1), ("a photo of one {}", 1), ("a painting of a {}", 1), ("a drawing of the {}", 1),
             ("this is a {}", 1), ("there is a {}", 1), ("a close photo of the {}", 1), ("a small {}", 1), ("a big {}", 1)]


def parse(spec):
    """'a:4 b:1 +dark' -> ({'a': 4, 'b': 1}, ['dark'])"""
    parts = spec.split()
    weights = {p.split(":")[0]: float(p.split(":")[1]) for p in parts if ":" in p}
    return weights, [p[1:] for p in parts if p.startswith("+")]


def icon_names():
    names = [n for _, _, kinds, _ in CLASSES.values() for spec in kinds.values() for n in spec.split()]
    names += [n for _, spec, _ in OTHERS.values() for n in spec.split()]
    return sorted(set(names))


if __name__ == "__main__":
    import json
    import sys
    json.dump({"sets": TRAIN_SETS + HELD_OUT_SETS, "names": icon_names()}, sys.stdout)
