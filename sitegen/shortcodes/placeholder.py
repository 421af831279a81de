"""What no archive can keep: forms, ratings, and lists that a site filled anew for every visitor."""

from msgspec import Struct

from sitegen.model import Location, Problem, Severity
from sitegen.shortcodes.syntax import Call

_FORMS = (
    "contact-form-7", "contact-form", "contact_form", "gravityform", "gravityforms", "wpforms", "ninja_form",
    "ninja_forms", "ninja_forms_display_form", "mc4wp_form", "mailpoet_form", "wysija_form", "formidable",
    "forminator_form", "caldera_form", "fluentform", "newsletter", "newsletter_signup_form",
    "jetpack_subscription_form", "blog_subscription_form", "et_pb_contact_form", "et_pb_signup", "av_contact",
    "av_mailchimp", "fusion_form", "login_form", "wpmem_form", "user_registration_form", "woocommerce_checkout",
    "woocommerce_cart", "woocommerce_my_account", "give_form", "wp_paypal", "paypal_donation_button", "searchform",
    "wpdreams_ajaxsearchlite", "contact-field", "sibwp_form", "mailerlite_form", "et_pb_login", "et_pb_search",
    "fusion_login", "fusion_register",
)  # fmt: skip
_LISTS = (
    "recent-posts", "recent_posts", "latest-posts", "latest_posts", "related_posts", "related-posts", "relatedposts",
    "jetpack-related-posts", "yarpp", "wpp", "wp_popular_posts", "catlist", "display-posts", "display_posts",
    "list-posts", "list_posts", "postlist", "posts", "archives_list", "tag_cloud", "wp_sitemap_page", "sitemap",
    "ic_add_posts", "pt_view", "the-post-grid", "ajax_load_more", "products", "product", "recent_products",
    "featured_products", "product_category", "product_categories", "add_to_cart", "eo_events", "tribe_events",
    "events_list", "upcoming_events", "vc_basic_grid", "vc_masonry_grid", "vc_media_grid", "vc_posts_grid",
    "vc_posts_slider", "vc_wp_posts", "vc_wp_tagcloud", "vc_wp_categories", "vc_wp_archives", "vc_wp_recentcomments",
    "et_pb_blog", "et_pb_portfolio", "et_pb_filterable_portfolio", "et_pb_post_slider", "et_pb_fullwidth_post_slider",
    "et_pb_shop", "et_pb_sidebar", "et_pb_post_nav", "et_pb_comments", "fusion_blog", "fusion_recent_posts",
    "fusion_portfolio", "fusion_featured_products_slider", "fusion_widget_area", "av_blog", "av_postslider",
    "av_portfolio", "av_masonry_entries", "av_magazine", "av_sidebar", "siteorigin_widget", "rev_slider",
    "rev_slider_vc", "layerslider", "smartslider3", "metaslider", "page_polls", "bbp-forum-index",
)  # fmt: skip
_RATINGS = (
    "expert_review_likes", "expert_review_likes_rate", "ratings", "rating", "kkstarratings", "yasr_visitor_votes",
    "thumbs_rating", "wp_ulike", "posts_like_dislike", "simple-social-share", "addtoany", "ssba", "social_share",
    "sharify", "mashshare", "et_pb_social_media_follow", "fusion_sharing", "fusion_social_links",
    "av_social_share", "av_comments_list", "easy-social-share", "essb", "wp_social_sharing", "follow-us",
)  # fmt: skip


class Placeholder(Struct, frozen=True):
    """What stood there."""

    kind: str  # "form", "list", "rating"
    name: str
    title: str
    source: str  # the call as it was written
    problem: Problem


class PlaceholderShortcode:
    """Names of one kind, none of which can work without the site they were made for."""

    template: str = "shortcodes/placeholder.html"
    block: bool = True

    def __init__(self, kind: str, names: tuple[str, ...]) -> None:
        self.names = names
        self._kind = kind

    def read(self, call: Call) -> Placeholder:
        """What is shown in its place, and a warning."""
        title = " ".join(call.named.get("title", "").split())
        message = f"[{call.name}] was a {self._kind}, which an archive cannot keep"
        hint = f"take it out, or draw it with templates/shortcodes/{call.name}.html"
        place = Location("", call.line, call.column)
        problem = Problem(place, f"{self._kind}-not-kept", message, hint, Severity.WARNING)
        return Placeholder(self._kind, call.name, title, call.source, problem)


PLACEHOLDERS = (
    PlaceholderShortcode("form", _FORMS),
    PlaceholderShortcode("list", _LISTS),
    PlaceholderShortcode("rating", _RATINGS),
)
